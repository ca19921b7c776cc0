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
for test in layers.py spdx.sh style.sh barriers.py house.py; do
	SRC=$copy "${BASH_SOURCE%/*}/test_$test" >"$copy/before_$test" || true
done

# found_by TEST [FILE TEXT]...: with each TEXT at the end of its FILE the test fails and names all FILEs anew.
found_by() {
	local test=$1 file i
	shift
	rm -rf "$copy/saved"
	for ((i = 1; i < $#; i += 2)); do
		file=${*:i:1}
		n=$((n + 1))
		mkdir -p "$copy/${file%/*}" "$copy/saved/${file%/*}"
		[ ! -f "$copy/$file" ] || cp -p "$copy/$file" "$copy/saved/$file"
		printf '%b\n' "${*:i+1:1}" >>"$copy/$file"
	done
	! SRC=$copy "${BASH_SOURCE%/*}/test_$test" >"$copy/after" || complain "$test passes"
	for ((i = 1; i < $#; i += 2)); do
		file=${*:i:1}
		diff "$copy/before_$test" "$copy/after" | grep -q "^> $file:" ||
			complain "$test does not find ${*:i+1:1} in $file"
		rm "$copy/$file"
		[ ! -f "$copy/saved/$file" ] || mv "$copy/saved/$file" "$copy/$file"
	done
}

spdx='// SPDX-License-Identifier: GPL-2.0-or-later'
found_by layers.py \
	impl/old.h '#include <pthread.h>' \
	impl/packed.h '#include "machine/machine.h"' \
	impl/always.h '#ifdef KICK_STRESS\n#endif' \
	impl/mainline.h '#include "kick.h"' \
	impl/kvm_2007.h '#include "patched.h"' \
	impl/kvm_2025.h '#ifdef KICK_PROBE\n#endif' \
	topo/load.c '#include "kick.h"' \
	topo/pin.c '# include "results/csv.h"' \
	results/csv_row.c '#include "cli/opt.h"' \
	results/command.c '#include <hwloc.h>' \
	bench/new.c '#include "explore/cell/explore.h"' \
	bench/newer.c '#if KICK_BACKEND == old\n#endif' \
	explore/new.c '#include <pthread.h>' \
	explore/newer.c '#include "topo/topo.h"' \
	topo/new.cc '' \
	machine/new.h '#include "bench/new.h"' \
	explore/engine/new.h '#include "explore/cell/new.h"' \
	explore/new/new.h 'int x;' \
	news/new.c 'int x;'
found_by spdx.sh \
	topo/new.c 'int x;\nint y;' \
	topo/newer.c "$spdx OR MIT\nint x;" \
	include/kick_new.h "$spdx\nint x;"
found_by style.sh \
	tests/explore/test_full_new.py '#!/usr/bin/env python3' \
	topo/new.c "int f(void)\n{\n$(printf '\tx();\\n%.0s' {1..59})}" \
	topo/newer.c "/* $(printf 'x%.0s' {1..105}) */" \
	topo/newest.c '        int spaces;' \
	tests/topo/new.c '\\treturn cmocka_run_group_tests(tests, NULL, NULL);'
found_by barriers.py \
	machine/new.h '\tsmp_mb();' \
	machine/newer.h '/* pairs with another */\n\tx = 1;\n\tsmp_mb();' \
	machine/newest.h '\tx = __atomic_load_n(&y, __ATOMIC_ACQUIRE); /* in order */' \
	bench/new.h '\tatomic_store(&x, 1);'
found_by house.py docs/house.md 'See topo/nowhere.c.'

# Those that read objects: a house of two folders, whose text is compiled anew for each violation.
house=$copy/house
mkdir -p "$house"/{low,high/{first,second},tests/tree}
cat >"$house/tests/tree/layers.txt" <<'END'
low  -   - low
high low - high
shelves high first second
END
: >"$house/tests/tree/exceptions.txt"

# build FILE TEXT [FILE TEXT]...: these files are the house's sources, and compiled.
build() {
	rm -rf "$house/CMakeFiles"
	find "$house" -name '*.c' -delete
	for (( ; $# > 1; )); do
		mkdir -p "$house/${1%/*}" "$house/CMakeFiles/kb_${1%%/*}.dir/${1%/*}"
		echo "$2" >"$house/$1"
		cc -c -o "$house/CMakeFiles/kb_${1%%/*}.dir/$1.o" "$house/$1"
		shift 2
	done
}

# judged TEST FILES...: what the test says of that house; the line that it found, or "fine".
judged() {
	local test=$1
	shift
	build "$@"
	SRC=$house BUILD=$house "${BASH_SOURCE%/*}/test_$test.py" >"$copy/after" && echo fine || head -1 "$copy/after"
}

says() {
	n=$((n + 1))
	[ "$2" = "$1" ] || complain "is \"$2\", expected \"$1\""
}

one='int low_one(void) { return 1; }'
two='int low_one(void); int low_two(void) { return low_one(); }'
top='int low_one(void); int high_top(void) { return low_one(); }'
says fine "$(judged link low/one.c "$one" low/two.c "$two" high/first/top.c "$top")"
says fine "$(judged prefix low/one.c "$one" low/two.c "$two" high/first/top.c "$top")"
says 'low/one.c: calls high/first/top.c: low may not see high [high_top]' "$(judged link \
	low/one.c 'int high_top(void); int low_one(void) { return high_top(); }' high/first/top.c 'int high_top(void) { return 1; }')"
says 'a circle: low/one.c low/two.c' "$(judged link low/two.c "$two" \
	low/one.c 'int low_two(void); int low_one(void) { return low_two(); }')"
says 'high/first/a.c: calls high/second/b.c: a higher shelf [high_b]' "$(judged link \
	high/first/a.c 'int high_b(void); int high_a(void) { return high_b(); }' high/second/b.c 'int high_b(void) { return 1; }')"
says 'low/one.c: calls high/first/data.c: low may not see high [high_data]' "$(judged link \
	low/one.c 'extern int high_data; int low_one(void) { return high_data; }' high/first/data.c 'int high_data = 1;')"
says 'news/x.c: news/ has no line in tests/tree/layers.txt' "$(judged link low/one.c "$one" news/x.c 'int x;')"
says 'high/third/x.c: high/third/ has no place in the shelves of tests/tree/layers.txt' \
	"$(judged link low/one.c "$one" high/third/x.c 'int high_x;')"
says 'low/one.c: names without a prefix of its folder [one]' "$(judged prefix low/one.c 'int one(void) { return 1; }')"
says 'low/one.c: names without a prefix of its folder [lowest]' "$(judged prefix low/one.c 'int lowest = 1;')"
says 'struct same: in high/first/a.c low/one.c' "$(judged prefix \
	low/one.c "struct same { int x; }; $one" high/first/a.c 'struct same { int y; }; int high_a;')"
says '0 objects looked at, 0 complaints, 0 exceptions' "$(judged link)"
echo 'link: a circle: low/one.c low/two.c' >"$house/tests/tree/exceptions.txt"
says fine "$(judged link low/two.c "$two" low/one.c 'int low_two(void); int low_one(void) { return low_two(); }')"
says 'tests/tree/exceptions.txt: not needed any more, take it out: link: a circle: low/one.c low/two.c' \
	"$(judged link low/one.c "$one" low/two.c "$two")"
verdict $n violations
