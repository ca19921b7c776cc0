#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 1
# The kernel as a judge, in the lab: in each round trip's row IPIs sent = what the kernel counted; with the
# window widened old misdirects and poisons, patched and patched_testfirst do not; the module can be taken
# out, its CPU and its program, at any moment.
set -u
. "$(dirname "$0")/../tree/structure.sh"
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT

"$SRC/scripts/kernel-judge" --lab --out "$folder/run" --backend old,patched,patched_testfirst \
	--scenario roundtrip,migrate --migrations-per-s 10k --widen 100us >"$folder/table" 2>"$folder/log"
code=$?
if [ $code = 4 ]; then
	sed -n 's/^kernel-judge: skipped/skipped/p' "$folder/log"
	exit 4
fi
cat "$folder/log" "$folder/table"
# 5: a busy host was too slow for all repetitions of a row.
case $code in 0 | 5) ;; *) complain "exit code $code" ;; esac
rows=$(python3 - "$folder/run/bench.csv" <<-'EOF'
	import csv, sys
	n, poisoned, wrong = 0, 0, []
	for row in csv.DictReader(open(sys.argv[1], newline="")):
	    if row["verdict"] != "ok":
	        continue
	    n += 1
	    moved = row["kernel_resched_ipis" if row["transport"] == "reschedule" else "kernel_call_ipis"]
	    if row["scenario"] == "roundtrip" and not row["ipis_sent"] == moved == row["kicks"]:
	        wrong.append(row)
	    bad = int(row["poisoned"] or 0) + int(row["ipis_misdirected"] or 0)
	    if row["backend"] == "old":
	        poisoned += bad
	    elif bad:
	        wrong.append(row)
	print(n)
	for row in wrong:
	    print(row, file=sys.stderr)
	if not poisoned:
	    print("old poisoned nothing", file=sys.stderr)
	sys.exit(bool(wrong) or not poisoned)
EOF
) || complain "counts are not what they should be"
"$SRC/scripts/kernel-judge" --lab --torture --out "$folder/torture" || complain "torture: exit code $?"
verdict "$rows" rows
