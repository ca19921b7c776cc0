#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All of the program compiles for another architecture, its judges for one backend.  Not optimized, and what
# is the same C everywhere is only read, since that takes a quarter of the time; test_full_cross.sh has more.
set -eu
. "$(dirname "$0")/structure.sh"

for tool in gcc g++; do
	command -v aarch64-linux-gnu-$tool >/dev/null ||
		{ echo "skipped: no aarch64-linux-gnu-$tool (scripts/setup --full)"; exit 4; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/cross/compile.sh"

one=$(sed 's/X(\(.*\))/\1/' "$BUILD/gen/kick_backends.def" | tail -n 1)
for folder in $(program_folders); do
	objects aarch64 "$folder" -fsyntax-only "$one"
done
[ -n "$(find "$work/aarch64/stress" -name 'stress_*.o')" ] || complain "stress was not compiled for $one"
verdict $compiled compilations
