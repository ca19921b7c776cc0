#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is run on one day of four is run on that day, and on the others skipped with the reason; each of the four
# has something, and no line that says a day is one that CMake would not see.
set -u
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/structure.sh"

said() { # DAY KICK_TURN
	KICK_TURN=$2 sh "$SRC/tests/tree/turn.sh" "$1" "$(command -v pwd)"
}

n=0
for day in 0 1 2 3; do
	for now in 0 1 2 3 all; do
		out=$(said $day $now) && code=0 || code=$?
		n=$((n + 1))
		if [ $now = $day ] || [ $now = all ]; then
			[ "$code $out" = "0 $PWD" ] || complain "day $day, KICK_TURN=$now: exit code $code, $out"
		elif [ $code != 4 ] || [[ $out != skipped:*KICK_TURN=$day* ]]; then
			complain "day $day, KICK_TURN=$now: exit code $code, $out"
		fi
	done
	grep -qx "# On one day of four: $day" "$SRC"/tests/*/test_full_* || complain "day $day has no test"
done
while IFS= read -r line; do
	[[ $line =~ ^'# On one day of four: '[0-3]$ ]] || complain "no day: $line"
done < <(grep -h '^# On one day of four' "$SRC"/tests/*/test_full_*)
KICK_TURN=4 timeout 5 "$SRC/scripts/test" 2>/dev/null && code=0 || code=$?
[ $code = 2 ] || complain "KICK_TURN=4 scripts/test: exit code $code"
verdict $n turns
