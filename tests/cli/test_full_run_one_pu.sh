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
	[ $status = 5 ] && grep -q 'time was over' "$out/err" || break
done
[ $status != 5 ] || { echo "skipped: the PU was too busy, twice: $(tail -1 "$out/err")"; exit 4; }
[ $status = 0 ] || complain "exit $status: $(tail -3 "$out/err")"
grep -q '"state":.*"complete"' "$out/run/run.json" || complain "run.json: not complete"
grep -q 'the extra cmpxchg costs' "$out/text" || complain "no answer in the headline"
grep -q ',na,.*needs a second PU' "$out/run/bench.csv" || complain "nothing needs a second PU?"
grep -q ',oversubscribed,' "$out/run/bench.csv" || complain "no row is called oversubscribed"
! grep -q ',violated,' "$out/run/bench.csv" || complain "a declaration was contradicted"
verdict "$(wc -l <"$out/run/bench.csv")" rows
