#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The limits that keep it readable: 60 lines per function, tabs, 110 columns (100 is what .clang-format
# aims at; tables between `clang-format off` and `on` may be wider).  A file is as long as its idea.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/structure.sh"

mapfile -t sources < <(files '*.c' '*.h' '*.cc')
while read -r line; do
	complain "$line"
done < <(cd "$SRC" && awk '
	function say(what) { print FILENAME ":" FNR ": " what }
	function width(s,  tab) {
		while ((tab = index(s, "\t")))
			s = substr(s, 1, tab - 1) substr("        ", 1 + (tab - 1) % 8) substr(s, tab + 1)
		return length(s)
	}
	FNR == 1 { start = table = 0 }
	/clang-format off/ { table = 1 }
	/clang-format on/ { table = 0 }
	!table && length($0) > 30 && width($0) > 110 { say(width($0) " columns") }
	/^        / { say("blanks for a tab") }
	/[ \t]$/ { say("blanks at the end") }
	/return cmocka_run_group_tests.*NULL\);$/ && !/\|\|/ { say("four that fail are 4, a skip: != 0") }
	# A function is what stands between braces in column 0.
	/^[a-z].*\(/ { name = $0 }
	/^{/ { start = FNR }
	/^}/ && start {
		if (FNR - start > 59)
			say(FNR - start + 1 " lines: " name)
		start = 0
	}' "${sources[@]}")

# ctest runs a test by its name, and one that it may not run is a BAD_COMMAND, if anybody looks.
mapfile -t scripts < <(files '*.sh' '*.py' 'scripts/*' '.ci/*')
while read -r file; do
	[ -x "$SRC/$file" ] || complain "$file: begins with #!, and is not executable"
done < <(cd "$SRC" && awk '/^#!/ { print FILENAME } { nextfile }' "${scripts[@]}")
verdict $((${#sources[@]} + ${#scripts[@]})) files
