#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The program builds, and its unit tests pass, the way others build it: with the linker's optimizer, for this
# machine's own CPU, fortified, and by each compiler that is here.
set -u
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 n=0

# built NAME OPTION...: of a few backends; a test that waits for other threads gets a second try.
built() {
	local name=$1
	shift
	n=$((n + 1))
	if ! cmake -G Ninja -S "$SRC" -B "$work/$name" -DCMAKE_BUILD_TYPE=Release \
		-DKICK_BACKENDS='^(noop|old|patched|packed|locked_(mcs|mutex)|busted_nofence)$' "$@" >"$work/log" 2>&1 ||
		! cmake --build "$work/$name" --target kickbench unit_tests >"$work/log" 2>&1; then
		echo "$name: does not build"
		tail -n 20 "$work/log"
		failed=1
	elif ! ctest --test-dir "$work/$name" -L unit -LE full --repeat until-pass:2 >"$work/log" 2>&1; then
		echo "$name:"
		grep -A 20 'tests passed' "$work/log"
		failed=1
	fi
	rm -rf "${work:?}/$name"
}

flags() {
	echo "-DCMAKE_C_FLAGS=$1" "-DCMAKE_CXX_FLAGS=$1" | sed 's/ -DCMAKE_CXX/\n-DCMAKE_CXX/'
}

mapfile -t options < <(flags '-flto=auto -D_FORTIFY_SOURCE=3')
built lto "${options[@]}"
mapfile -t options < <(flags '-O3 -march=native -D_FORTIFY_SOURCE=3')
built o3 "${options[@]}"
for version in gcc-12:g++-12 clang-14:clang++-14 clang-16:clang++-16; do
	if command -v "${version%:*}" >/dev/null && command -v "${version#*:}" >/dev/null; then
		built "${version%:*}" -DCMAKE_C_COMPILER="${version%:*}" -DCMAKE_CXX_COMPILER="${version#*:}"
	else
		echo "not here: ${version%:*}"
	fi
done
echo "$n builds, $failed failed"
exit $failed
