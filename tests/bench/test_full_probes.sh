#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The static probes through perf: a closed round trip hits kick, send, receive and exit once per kick (and
# exit once more at the end of each window), and no row has a figure meanwhile.  As root, in a mount
# namespace of its own with tracefs.
set -u
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${KICKBENCH:=$SRC/build/release/kickbench}"

skip() {
	echo "skipped: $*"
	exit 4
}

if [ "${1-}" != inside ]; then
	[ "$(id -u)" = 0 ] || skip "uprobes need root"
	command -v perf >/dev/null || skip "perf is not installed"
	readelf -n "$KICKBENCH" 2>/dev/null | grep -q 'Provider: kickbench' || skip "built without sys/sdt.h"
	unshare -m true 2>/dev/null || skip "no mount namespace of its own"
	export KICKBENCH
	exec unshare -m "$0" inside
fi

[ -d /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing || skip "tracefs cannot be mounted"
work=$(mktemp -d)
export HOME=$work
clean() {
	perf probe -q -d 'sdt_kickbench:*' 2>/dev/null
	rm -rf "$work"
}
trap clean EXIT

fail() {
	echo "$*"
	cat "$work"/*.log
	exit 1
}

perf buildid-cache --add "$KICKBENCH" 2>"$work/add.log" || skip "perf cannot read the program: $(cat "$work/add.log")"
for probe in kick send receive exit; do
	perf probe -q --max-probes=1000 "sdt_kickbench:$probe" 2>"$work/probe.log" || fail "no probe $probe"
done
perf stat -x, -o "$work/count.log" -e 'sdt_kickbench:*' -- "$KICKBENCH" bench --backend patched \
	--scenario roundtrip --loop closed --window 5ms --out "$work/run" >"$work/out.log" 2>&1
code=$?
[ $code = 5 ] || fail "exit $code, and not 5: no row can be ok"
declare -A count
while IFS=, read -r n _ event _; do
	name=${event#sdt_kickbench:}
	[[ $n =~ ^[0-9]+$ ]] && count[${name%%_*}]=$((${count[${name%%_*}]-0} + n))
done <"$work/count.log"
echo "kick ${count[kick]} send ${count[send]} receive ${count[receive]} exit ${count[exit]}"
[ "${count[kick]}" -gt 100 ] || fail "too few kicks"
[ "${count[kick]}" = "${count[send]}" ] || fail "kick and send differ"
[ "${count[receive]}" = "${count[send]}" ] || fail "receive and send differ"
[ $((count[exit] - count[kick])) = 9 ] || fail "not one exit per kick, and one per window"
[ "$(grep -c 'a static probe of this program is watched' "$work/run/bench.csv")" = 9 ] || fail "rows were not refused"
