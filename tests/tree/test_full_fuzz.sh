#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 3
# The fuzz targets with three times their inputs, of other seeds each day; which one, a failure says.
# For more: KICK_FUZZ=20000 tests/tree/test_full_fuzz.sh, some 50 minutes.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${BUILD:=$SRC/build/release}"
day=$(($(date +%s) / 86400))
n=0
for target in "$BUILD"/test_fuzz_*; do
	[ -x "$target" ] || continue
	for seed in 0 1 2; do
		KICK_FUZZ_SEED=$((day * 3 + seed)) "$target"
	done
	n=$((n + 1))
done
[ $n -ge 6 ] || { echo "$n targets only"; exit 1; }
