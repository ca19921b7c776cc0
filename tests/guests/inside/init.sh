#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# PID 1 of a guest of test_full_guests.py: runs /steps and goes away.  What the steps print goes to the second
# serial line, between "@@ NAME" and "@@ ended CODE".
export PATH=/bin HOME=/tmp TMPDIR=/tmp
mkdir -p /proc /sys /dev /tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t cgroup2 cgroup /sys/fs/cgroup
exec >/dev/ttyS1 2>&1 </dev/null

# step NAME COMMAND...
step() {
	echo "@@ $1"
	shift
	"$@"
	echo "@@ ended $?"
}

# cpu N 0|1: takes a CPU away, or gives it back.
cpu() {
	echo "$2" >"/sys/devices/system/cpu/cpu$1/online"
}

cd /tmp
. /steps
echo "@@ all"
echo o >/proc/sysrq-trigger
sleep 60
