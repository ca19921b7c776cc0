#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# stress_cell.sh BACKEND SECONDS: one backend under stress, judged by its own declaration; a broken
# one's run ends as soon as it is caught.  What is found and not declared fails at once.  When too
# little happened, as on a machine that is busy with other things, or a broken one got away, it goes on,
# longer each time; when that has not helped either, nothing was decided, and it says so: a skip.
set -u
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
seconds=$2
"$KICKBENCH" list --names | grep -qx "$1" || exit 3
for try in 1 2 3 4; do
	out=$("$KICKBENCH" stress --backend "$1" --seconds "$seconds" --seed "$try" --expect \
		--out "$folder/$try")
	code=$?
	echo "$out"
	[ $code = 5 ] || exit $code
	[ $try -lt 2 ] || [ "$2" -lt 2 ] || exit $code # of the full tier: two runs decide
	seconds=$(($2 < 2 ? 4 << try : $2 * 4))
done
echo "skipped: not decided in four runs, the kicks of which are counted above"
exit 4
