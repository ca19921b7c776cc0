#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All of the program compiles for another architecture, its judges for two backends.  Not optimized, since
# that takes half as long; test_full_cross.sh has more of it.
set -eu
. "$(dirname "$0")/structure.sh"

for tool in gcc g++; do
	command -v aarch64-linux-gnu-$tool >/dev/null ||
		{ echo "skipped: no aarch64-linux-gnu-$tool (scripts/setup --full)"; exit 4; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/cross/compile.sh"

two=$(sed 's/X(\(.*\))/\1/' "$BUILD/gen/kick_backends.def" | tail -n 2)
for folder in $(program_folders); do
	objects aarch64 "$folder" -O0 "$two"
done
[ -n "$(find "$work/aarch64/stress" -name 'stress_*.o')" ] || complain "stress was not compiled for $two"
verdict $compiled compilations
