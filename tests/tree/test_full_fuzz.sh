#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz targets with more inputs, of another seed each day; which one, a failure says.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${BUILD:=$SRC/build/release}"
seed=$(($(date +%s) / 86400))
n=0
for target in "$BUILD"/test_fuzz_*; do
	[ -x "$target" ] || continue
	KICK_FUZZ=${KICK_FUZZ:-20000} KICK_FUZZ_SEED=$seed "$target"
	n=$((n + 1))
done
[ $n -ge 6 ] || { echo "$n targets only"; exit 1; }
