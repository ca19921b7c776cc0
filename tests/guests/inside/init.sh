#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# PID 1 of a guest of the tests: runs /steps and goes away.  What the steps print goes to the second serial line,
# or to the only one, between "@@ NAME" and "@@ ended CODE".
export PATH=/bin HOME=/tmp TMPDIR=/tmp
mkdir -p /proc /sys /dev /tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t cgroup2 cgroup /sys/fs/cgroup
line=/dev/ttyS1
case $(cat /proc/cmdline) in *ttyAMA0*) line=/dev/ttyAMA0 ;; esac
exec >$line 2>&1 </dev/null

# step NAME COMMAND...
step() {
	echo "@@ $1"
	shift
	"$@"
	echo "@@ ended $?"
}

# timed COMMAND...: says since and until when, by the guest's clock.
timed() {
	read -r from _ </proc/uptime
	"$@"
	code=$?
	read -r to _ </proc/uptime
	echo "from $from"
	echo "to $to"
	return $code
}

# cpu N 0|1: takes a CPU away, or gives it back.
cpu() {
	echo "$2" >"/sys/devices/system/cpu/cpu$1/online"
}

# begun DIR: waits until a run of bench has its folder, and a little more.
begun() {
	while [ ! -e "$1/bench.csv" ]; do
		sleep 1
	done
	sleep 3
}

cd /tmp
. /steps
echo "@@ all"
echo o >/proc/sysrq-trigger
sleep 60
