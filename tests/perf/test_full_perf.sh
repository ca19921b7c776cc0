#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/perf-stat, perf-record and perf-c2c on one case: what perf saw is the measured windows, and the
# hot lines are the protocol's.  Where perf cannot do it, exit 4 and one line that says why.
set -u
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${KICKBENCH:=$SRC/build/release/kickbench}"
export KICKBENCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "$*"
	cat "$work/out" "$work/err"
	exit 1
}

# run SCRIPT ARGUMENTS: its exit code in $code, what it printed in out and err.
run() {
	"$SRC/scripts/$1" "${@:2}" >"$work/out" 2>"$work/err"
	code=$?
}

case=(--backend patched --scenario fastpath --path exiting --line hot --form kick)
run perf-record "${case[@]}"
if [ $code = 4 ]; then
	echo "skipped: $(cat "$work/err")"
	exit 4
fi
[ $code = 0 ] || fail "perf-record: exit $code"
# The claim and the barrier before it, in the one loop that was timed.
awk '/^lines:/ { lines = 1 } lines && /patched\.h|request\.h/ { sum += $1 } END { exit sum < 80 }' "$work/out" ||
	fail "less than 80 % of the samples are in the kick"
awk '/hot_kick_exiting_patched/ { sum += $1 } END { exit sum < 90 }' "$work/out" || fail "less than 90 % are in the timed loop"

run perf-stat "${case[@]}" --window 20ms
[ $code = 0 ] || fail "perf-stat: exit $code"
# Nine windows of 20 ms: 180 ms, of which a busy machine takes some away.
awk '/task-clock/ { gsub(",", ""); exit !($1 > 60 && $1 < 220) }' "$work/out" || fail "not the windows alone"

run perf-c2c "${case[@]}" --window 20ms
if [ $code = 4 ]; then
	[ "$(wc -l <"$work/err")" -le 2 ] || fail "perf-c2c: not a line that says why"
else
	[ $code = 0 ] || fail "perf-c2c: exit $code"
fi

run perf-stat --backend patched
[ $code = 2 ] || fail "several cases: exit $code"
mkdir "$work/bin"
ln -s "$(command -v dirname)" "$work/bin"
PATH=$work/bin /bin/bash "$SRC/scripts/perf-stat" "${case[@]}" >"$work/out" 2>"$work/err"
[ $? = 4 ] || fail "without perf"
grep -q linux-perf "$work/err" || fail "does not say what to install"
