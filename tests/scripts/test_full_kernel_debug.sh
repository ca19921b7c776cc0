#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module on a kernel that watches itself (lockdep, KASAN), built from the packaged source: every scenario runs,
# then it is taken out at random moments, loses its CPU and its program, and gets orders that are none.  The kernel
# has nothing to say to that.
set -u
. "$(dirname "$0")/../tree/structure.sh"
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
built=${XDG_CACHE_HOME:-$HOME/.cache}/kickbench/kernel-lab/*/debug/arch/x86/boot/bzImage
if [ -z "${KICK_BUILD_KERNEL-}" ] && ! compgen -G "$built" >/dev/null; then
	echo "skipped: its kernel is not built yet, which takes two PUs ten minutes, once: KICK_BUILD_KERNEL=1 scripts/test --full"
	exit 4
fi
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT

kinds=0
for kind in "" --torture; do
	"$SRC/scripts/kernel-judge" --lab --debug $kind --out "$folder/run$kind" >"$folder/table" 2>"$folder/log"
	code=$?
	if [ $code = 4 ]; then
		sed -n 's/^kernel-judge: skipped/skipped/p' "$folder/log"
		exit 4
	fi
	cat "$folder/log" "$folder/table"
	# 5: a busy host was too slow for all repetitions of a row.
	case $code in 0 | 5) kinds=$((kinds + 1)) ;; *) complain "$kind: exit code $code" ;; esac
done
grep -q 'KASAN.* PROVE_LOCKING' "$folder/run/run.json" || complain "run.json does not say what kernel that was"
verdict "$kinds" kinds
