#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# stress_cell.sh BACKEND SECONDS...: one backend under stress, judged by its own declaration; a broken
# one's run ends as soon as it is caught.  What is found and not declared fails at once.  When too
# little happened, as on a machine that is busy with other things, or a broken one got away, it goes on,
# with the next of the SECONDS and seed.  Not decided after $enough kicks: it fails.  After fewer, the machine
# was too busy to say: a skip.
set -u
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
"$KICKBENCH" list --names | grep -qx "$1" || exit 3
backend=$1 seed=0
shift
for seconds; do
	out=$("$KICKBENCH" stress --backend "$backend" --seconds "$seconds" --seed $((seed += 1)) --expect \
		--out "$folder/$seconds")
	code=$?
	echo "$out"
	[ $code = 5 ] || exit $code
done
enough=1000000
kicks=$(awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "kicks") k = i; next } { n += $k } END { print n + 0 }' \
	"$folder"/*/stress.csv)
[ "$kicks" -lt $enough ] || { echo "not decided in $kicks kicks"; exit 1; }
echo "skipped: not decided in $kicks kicks, fewer than $enough"
exit 4
