#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# stress_cell.sh BACKEND SECONDS: one backend under stress, judged by its own declaration; a broken
# one's run ends as soon as it is caught.  When too little happened, as on a machine that is busy with
# other things, or a broken one got away, there is one more run of 8 s at least; then it fails.
set -u
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
seconds=$2
"$KICKBENCH" list --names | grep -qx "$1" || exit 3
for try in 1 2; do
	out=$("$KICKBENCH" stress --backend "$1" --seconds "$seconds" --seed "$try" --expect \
		--out "$folder/$try")
	code=$?
	echo "$out"
	echo "$out" | grep -q 'declared and not found' || [ $code = 5 ] || exit $code
	seconds=$(($2 < 2 ? 8 : $2 * 4))
done
exit $code
