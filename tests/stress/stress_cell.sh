#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# stress_cell.sh BACKEND SECONDS: one backend under stress, judged by its own declaration; a broken
# one's run ends as soon as it is caught.  What is found and not declared fails at once.  When too
# little happened, as on a machine that is busy with other things, or a broken one got away, it goes on,
# longer each time.  Not decided after $enough kicks: it fails.  After fewer, the machine was too busy to say:
# a skip.
set -u
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
seconds=$2
[ "$2" -gt 1 ] || seconds=0.5 # enough where the machine is idle
"$KICKBENCH" list --names | grep -qx "$1" || exit 3
for try in 1 2 3 4; do
	out=$("$KICKBENCH" stress --backend "$1" --seconds "$seconds" --seed "$try" --expect \
		--out "$folder/$try")
	code=$?
	echo "$out"
	[ $code = 5 ] || exit $code
	[ $try -lt 2 ] || [ "$2" -lt 2 ] || exit $code # of the full tier: two runs decide
	seconds=$(($2 < 2 ? 1 << (2 * try - 1) : $2 * 4))
done
enough=1000000
kicks=$(awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "kicks") k = i; next } { n += $k } END { print n + 0 }' \
	"$folder"/*/stress.csv)
[ "$kicks" -lt $enough ] || { echo "not decided in $kicks kicks"; exit 1; }
echo "skipped: not decided in $kicks kicks, fewer than $enough"
exit 4
