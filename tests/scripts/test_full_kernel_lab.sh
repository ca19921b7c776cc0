#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 0
# The kernel lab from packages to matrix: a real KVM with the old order loses what explore and stress
# say it loses, the patched one nothing, and so the one that looks before it claims.  The matrix judges itself; here it must have been whole.
# Undecided (5) means that the host was too slow for the guest: that is worth another boot.
set -u
. "$(dirname "$0")/../tree/structure.sh"
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT

for attempt in 1 2; do
	"$SRC/scripts/kernel-lab" --quick --out "$folder/out" >"$folder/matrix" 2>"$folder/log"
	code=$?
	if [ $code = 4 ]; then
		sed -n 's/^kernel-lab: skipped/skipped/p' "$folder/log"
		exit 4
	fi
	[ $code = 5 ] || break
done
cat "$folder/log" "$folder/matrix"
[ $code = 0 ] || complain "exit code $code"
rows=$(grep -c ' yes' "$folder/matrix")
[ "$rows" = 23 ] || complain "$rows of 23 cells agree"
grep -q '^old,msi,msi,1,1,' "$folder/out/kernel-lab.csv" || complain "no first row in kernel-lab.csv"
verdict "$rows" cells
