#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/cluster on a Slurm of one host that plays three nodes of two kinds: an array per kind, a
# results folder per node, comparisons, exit codes; and refusals without a hang.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

skip() {
	echo "skipped: $*"
	exit 4
}
for tool in slurmctld slurmd sbatch squeue sinfo; do
	command -v $tool >/dev/null || skip "no $tool here (Debian package slurm-wlm)"
done
[ "$(stat -c %u /proc/self)" = 0 ] || skip "only root can start slurmd"

n=0
work=$(mktemp -d)
daemons=()
stop() {
	[ ${#daemons[@]} = 0 ] || kill "${daemons[@]}" 2>/dev/null || true
	wait
	rm -rf "$work"
}
trap stop EXIT

# Ports that are free now, away from those of a real Slurm.
port=$(python3 -c 'import random; print(random.randrange(20000, 30000, 10))')
mkdir "$work/state" "$work/spool"
export SLURM_CONF=$work/slurm.conf # slurmctld wants an absolute path
cat >"$SLURM_CONF" <<END
ClusterName=kickbench
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/linear
MpiDefault=none
ReturnToService=2
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool/%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd-%n.log
SlurmdParameters=config_overrides
NodeName=near1 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$((port + 1)) Features=near CPUs=1
NodeName=near2 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$((port + 2)) Features=near CPUs=1
NodeName=far1 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$((port + 3)) Features=far,big CPUs=1
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
slurmctld -D >"$work/out" 2>&1 &
daemons+=($!)
for node in near1 near2 far1; do
	mkdir "$work/spool/$node"
	slurmd -D -N $node >>"$work/out" 2>&1 &
	daemons+=($!)
done
for ((i = 0; i < 300; i++)); do
	[ "$(sinfo -h -N -o '%N %t' 2>/dev/null | grep -c ' idle$')" != 3 ] || break
	sleep 0.2
done
[ $i -lt 300 ] || { tail -n 5 "$work"/*.log; complain "three idle nodes do not come up"; verdict 1 nodes; }

# expect CODE TEXT OPTIONS: scripts/cluster OPTIONS exits with CODE, and prints TEXT.
expect() {
	local code=$1 text=$2 status=0
	shift 2
	n=$((n + 1))
	timeout 300 "$SRC/scripts/cluster" --program "$KICKBENCH" "$@" >"$work/out" 2>&1 || status=$?
	[ $status = "$code" ] || complain "$*: exit $status, should be $code: $(tail -n 5 "$work/out")"
	grep -qE -- "$text" "$work/out" || complain "$*: no '$text' in $(tail -n 5 "$work/out")"
}

bench="bench --backend old,patched --scenario fastpath --window 200us --path outside --reps 9"

expect 2 "unknown \(known: big far near\)" --kind middling
expect 2 "expected a number" --nodes 0
expect 0 "constraint=far .*array=1-2" --plan --kind far --nodes 2
# shellcheck disable=SC2086 # a command line
expect 3 "far: 1 of 2 nodes missing: the kind has 1 nodes" --kind near --kind far --nodes 2 \
	--out "$work/a" -- $bench
for node in near-near1 near-near2 far-far1; do
	n=$((n + 1))
	python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/a/$node/run.json" ||
		complain "$node has no run.json"
	[ "$(wc -l <"$work/a/$node/bench.csv")" -ge 19 ] || complain "$node has no bench.csv with its rows"
	[ "$(cat "$work/a/$node.exit")" = 0 ] || complain "$node failed: $(tail -n 3 "$work/a/$node.err")"
done
for file in "$work"/a/compare-near-near[12].txt; do
	n=$((n + 1))
	grep -q 'ns_per_op' "$file" || complain "no comparison in ${file##*/}: $(head -n 3 "$file")"
done
expect 0 "far-far1 against near-near1" --compare "$work/a"
expect 3 "far-far1: exit 2" --kind far --out "$work/b" -- bench --no-such-option
# A proof in eight shards, of which one is killed in the middle and requeued: the count of the whole.
proof="explore --backend patched --scenario two-kicks --model sc"
whole=$("$KICKBENCH" $proof | grep -oE '[0-9]+ (executions|schedules)' | head -n 1)
(
	for ((i = 0; i < 300; i++)); do
		job=$(squeue -h -r -t RUNNING -o %i -n kickbench-any | head -n 1)
		[ -z "$job" ] || { scontrol requeue "$job" && break; }
		sleep 0.1
	done
) &
# shellcheck disable=SC2086 # a command line
expect 0 "$whole" --tasks 8 --out "$work/p" -- $proof
wait $!
# shellcheck disable=SC2086 # a command line
expect 0 "patched: .* 2 of 2 seeds|patched: 0 in" --tasks 2 --out "$work/s" -- stress --backend patched --seconds 20
expect 3 "cannot make" --kind far --out /proc/nosuch
expect 3 "no program" --kind far --program "$work/nosuch/%k"
[ -z "$(squeue -h)" ] || complain "jobs are left in the queue"
verdict $n "command lines and folders"
