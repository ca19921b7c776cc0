#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The quick study bound to one PU ends by itself, succeeds, and shows the price of the patch.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cpu=$(taskset -cp $$ | sed 's/.*[ ,-]//')
for try in 1 2; do
	status=0
	rm -rf "$out/run"
	timeout 110 taskset -c "$cpu" "$KICKBENCH" run --quick --out "$out/run" >"$out/text" 2>"$out/err" || status=$?
	grep -q 'time was over' "$out/err" || break
done
[ $status = 0 ] || [ $status = 5 ] || complain "exit $status: $(tail -3 "$out/err")"
# What is left out then is said, and no command that would not do: bench resumes what is its own.
if grep '^left out: .*time was over' "$out/err" >"$out/left"; then
	grep -q '"state":.*"out of time"' "$out/run/run.json" || complain "run.json: not out of time: $(cat "$out/left")"
	! grep -q resume "$out/left" || complain "bench does not resume a folder of run: $(cat "$out/left")"
	[ "$(wc -l <"$out/run/bench.csv")" -gt 1000 ] || { echo "skipped: the PU was too busy, twice: $(cat "$out/left")"; exit 4; }
else
	grep -q '"state":.*"complete"' "$out/run/run.json" || complain "run.json: not complete"
fi
grep -q 'the extra cmpxchg costs' "$out/text" || complain "no answer in the headline"
grep -q ',na,.*needs a second PU' "$out/run/bench.csv" || complain "nothing needs a second PU?"
grep -q ',oversubscribed,' "$out/run/bench.csv" || complain "no row is called oversubscribed"
! grep -q ',violated,' "$out/run/bench.csv" || complain "a declaration was contradicted"
verdict "$(wc -l <"$out/run/bench.csv")" rows
