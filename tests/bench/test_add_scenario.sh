#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Adding a scenario is adding one file: the glob finds it, and the program has it in its list, its plans and its
# rows, with nothing else touched.  Two objects are built, and linked with the others of $BUILD.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${BUILD:=$SRC/build/release}"
. "$SRC/tests/tree/structure.sh"

name=zz_scratch
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
files '*' | tar -C "$SRC" -T - -cf - | tar -C "$copy" -xf -
# Few backends: what is not built is not looked at, but configured.
find "$copy/impl" -maxdepth 1 -name '*.h' ! -name noop.h ! -name patched.h -delete
n=0

fail() {
	complain "$*"
	verdict 1 places
}

# What the file of a scenario without a place of its own looks like.
configure_like_build "$copy" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-w
sed "s/bench_scenario_entry/bench_scenario_$name/; s/\.name = \"entry\"/.name = \"$name\"/; s/{ \"entry\", /{ \"a_new_path\", /; /\.place =/d" \
	"$copy/bench/scenario/entry.c" >"$copy/bench/scenario/$name.c"
dir=CMakeFiles/kb_bench.dir/bench
cmake --build "$copy/build" --target build_info >"$copy/log" 2>&1 || fail "$(tail -n 5 "$copy/log")"
cmake --build "$copy/build" --target "$dir/scenario/$name.c.o" "$dir/plan/scenarios.c.o" >"$copy/log" 2>&1 ||
	fail "$(tail -n 5 "$copy/log")"

# The link of $BUILD with these two.
if [ -f "$BUILD/build.ninja" ]; then
	link=$(ninja -C "$BUILD" -t commands kickbench | grep -v '^ninja:' | tail -n 1)
else
	link=$(cat "$BUILD/CMakeFiles/kickbench.dir/link.txt")
fi
cp "$BUILD/libkb_bench.a" "$copy/libkb_bench.a"
ar r "$copy/libkb_bench.a" "$copy/build/$dir/plan/scenarios.c.o" "$copy/build/$dir/scenario/$name.c.o"
link=${link/" libkb_bench.a "/" $copy/libkb_bench.a "}
link=${link/" -o kickbench "/" -o $copy/kickbench "}
(cd "$BUILD" && eval "$link") >"$copy/log" 2>&1 || fail "does not link: $(tail -n 5 "$copy/log")"

# shows WHAT COMMAND...: its output names the scenario
shows() {
	local what=$1
	shift
	n=$((n + 1))
	"$@" >"$copy/out" 2>&1 || complain "$what: exit $?"
	grep -q "$name" "$copy/out" || complain "$what does not know $name: $(tail -n 3 "$copy/out")"
}

run="$copy/kickbench bench --backend patched --scenario $name --window 100us"
shows 'the list of scenarios' "$copy/kickbench" list
shows 'bench --plan' $run --plan
shows 'a plan by its path' "$copy/kickbench" bench --backend patched --path a_new_path --plan
shows 'the default plan' "$copy/kickbench" bench --plan
shows 'a run' $run --out "$copy/results"
[ "$(grep -c "$name" "$copy/results/bench.csv")" = 9 ] || complain "bench.csv has not its nine rows"
# Behind those that have a place.
last=$("$copy/kickbench" list --json | tr -d '[:space:]' | sed 's/.*"scenarios":\[\([^]]*\)\].*/\1/; s/.*,//')
[ "$last" = "\"$name\"" ] || complain "the last scenario is $last"
verdict $n places
