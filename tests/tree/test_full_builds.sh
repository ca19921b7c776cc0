#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 3
# The program builds, and unit tests pass, the way others build it: with the linker's optimizer, for this
# machine's own CPU and fortified, or by another compiler, by turns from day to day.
# usage: test_full_builds.sh ["WAY..."]: these instead (lto, clang-16:clang++-16)
set -u
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 n=0 day=$(($(date +%s) / 86400))

# built NAME OPTION...: of a few backends; of the unit tests every sixth, others each day.  A test that waits for other
# threads gets a second try.
built() {
	local name=$1 tests
	shift
	n=$((n + 1))
	if ! cmake -G Ninja -S "$SRC" -B "$work/$name" -DCMAKE_BUILD_TYPE=Release \
		-DKICK_BACKENDS='^(noop|old|patched|packed|locked_(mcs|mutex)|busted_nofence)$' "$@" >"$work/log" 2>&1 ||
		! tests=$(ctest --test-dir "$work/$name" -N -L unit -LE full | sed -n 's/.*Test *#[0-9]*: //p' |
			awk -v day=$day '(NR + day) % 6 == 0') ||
		! cmake --build "$work/$name" --target kickbench $tests >"$work/log" 2>&1; then
		echo "$name: does not build"
		tail -n 20 "$work/log"
		failed=1
	elif ! ctest --test-dir "$work/$name" -R "^($(paste -sd'|' <<<"$tests"))\$" --repeat until-pass:2 >"$work/log" 2>&1; then
		echo "$name:"
		grep -A 20 'tests passed' "$work/log"
		failed=1
	fi
	rm -rf "${work:?}/$name"
}

# Each day another one of these; the gcc that there is otherwise is that of all other tests.
ways=(lto)
for version in gcc-12:g++-12 clang-14:clang++-14 clang-16:clang++-16; do
	if ! command -v "${version%:*}" >/dev/null || ! command -v "${version#*:}" >/dev/null; then
		echo "not here: ${version%:*}"
	elif [ "$(readlink -f "$(command -v "${version%:*}")")" = "$(readlink -f "$(command -v cc)")" ]; then
		echo "${version%:*}: by it all else was built"
	else
		ways+=("$version")
	fi
done
flags='-flto=auto -O3 -march=native -D_FORTIFY_SOURCE=3'
for way in ${1:-${ways[day % ${#ways[@]}]}}; do
	case $way in
	lto) built lto "-DCMAKE_C_FLAGS=$flags" "-DCMAKE_CXX_FLAGS=$flags" ;;
	*) built "${way%:*}" -DCMAKE_C_COMPILER="${way%:*}" -DCMAKE_CXX_COMPILER="${way#*:}" ;;
	esac
	echo "$way, of ${ways[*]}"
done
echo "$n builds, $failed failed"
exit $failed
