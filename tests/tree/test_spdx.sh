#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every source names its licence at its head, and the right one.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/structure.sh"

mapfile -t sources < <(files '*.c' '*.h' '*.cc' '*.in' '*.cmake' '*CMakeLists.txt' '*.sh' '*.py' \
	'scripts/*' '.ci/*')
while read -r line; do
	complain "$line"
done < <(cd "$SRC" && awk '
	FNR == 1 { found = "" }
	FNR <= 2 && match($0, /SPDX-License-Identifier: /) {
		found = substr($0, RSTART + RLENGTH)
		sub(/ *\*\/.*$/, "", found)
	}
	FNR == 2 {
		wanted = "GPL-2.0-or-later" (FILENAME ~ /^(include\/|bench\/gbench\.)/ ? " OR MIT" : "")
		if (found != wanted)
			print FILENAME ": licence \"" found "\", should be \"" wanted "\""
	}' "${sources[@]}")
verdict ${#sources[@]} files
