#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of the tree can fail: each violation below, put into a copy of the tree, is found.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/structure.sh"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
files '*' | tar -C "$SRC" -T - -cf - | tar -C "$copy" -xf -
n=0
for test in layers spdx style; do
	SRC=$copy bash "${BASH_SOURCE%/*}/test_$test.sh" >"$copy/before_$test" || true
done

# found_by TEST FILE TEXT: with TEXT at the end of FILE the test fails and names FILE anew.
found_by() {
	local test=${BASH_SOURCE%/*}/test_$1.sh file=$2 text=$3
	n=$((n + 1))
	mkdir -p "$copy/${file%/*}"
	rm -f "$copy/saved"
	if [ -f "$copy/$file" ]; then cp -p "$copy/$file" "$copy/saved"; fi
	printf '%b\n' "$text" >>"$copy/$file"
	! SRC=$copy bash "$test" >"$copy/after" || complain "$1 passes with $text in $file"
	diff "$copy/before_$1" "$copy/after" | grep -q "^> $file:" || complain "$1 does not find $text in $file"
	if [ -f "$copy/saved" ]; then mv "$copy/saved" "$copy/$file"; else rm "$copy/$file"; fi
}

spdx='// SPDX-License-Identifier: GPL-2.0-or-later'
found_by layers impl/old.h '#include <pthread.h>'
found_by layers impl/old.h '#include "machine/machine.h"'
found_by layers impl/old.h '#ifdef KICK_STRESS\n#endif'
found_by layers impl/old.h '#include "kick.h"'
found_by layers impl/old.h '#include "patched.h"'
found_by layers impl/old.h '#ifdef KICK_PROBE\n#endif'
found_by layers topo/load.c '#include "kick.h"'
found_by layers topo/load.c '# include "results/csv.h"'
found_by layers results/csv_row.c '#include "cli/opt.h"'
found_by layers results/csv_row.c '#include <hwloc.h>'
found_by layers bench/new.c '#include "explore/cell/explore.h"'
found_by layers bench/new.c '#if KICK_BACKEND == old\n#endif'
found_by layers explore/new.c '#include <pthread.h>'
found_by layers explore/new.c '#include "topo/topo.h"'
found_by layers topo/new.cc ''
found_by spdx topo/new.c 'int x;\nint y;'
found_by spdx topo/new.c "$spdx OR MIT\nint x;"
found_by spdx include/kick_new.h "$spdx\nint x;"
found_by style topo/new.c "int f(void)\n{\n$(printf '\tx();\\n%.0s' {1..59})}"
found_by style topo/new.c "/* $(printf 'x%.0s' {1..105}) */"
found_by style topo/new.c '        int spaces;'
verdict $n violations
