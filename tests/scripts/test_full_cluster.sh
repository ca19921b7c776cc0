#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 1
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
declare -A pid_of # a node's slurmd
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
	pid_of[$node]=$!
done
for ((i = 0; i < 300; i++)); do
	[ "$(sinfo -h -N -o '%N %t' 2>/dev/null | grep -c ' idle$')" != 3 ] || break
	sleep 0.2
done
[ $i -lt 300 ] || { tail -n 5 "$work"/*.log; complain "three idle nodes do not come up"; verdict 1 nodes; }

# expect CODE TEXT OPTIONS: scripts/cluster OPTIONS exits with CODE (a pattern), and prints TEXT.
expect() {
	local code=$1 text=$2 status=0
	shift 2
	n=$((n + 1))
	timeout 300 "$SRC/scripts/cluster" --program "$KICKBENCH" "$@" >"$work/out" 2>&1 || status=$?
	# shellcheck disable=SC2053 # a pattern
	[[ $status == $code ]] || complain "$*: exit $status, should be $code: $(tail -n 5 "$work/out")"
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
	# 5: others use the PUs, and no row was decided.
	[[ $(cat "$work/a/$node.exit") == [05] ]] || complain "$node failed: $(tail -n 3 "$work/a/$node.err")"
done
for file in "$work"/a/compare-near-near[12].txt; do
	n=$((n + 1))
	grep -q 'ns_per_op' "$file" || complain "no comparison in ${file##*/}: $(head -n 3 "$file")"
done
expect 0 "far-far1 against near-near1" --compare "$work/a"
expect 3 "far-far1: exit 2" --kind far --out "$work/b" -- bench --no-such-option
# A proof of 3x1 kicks in eight shards, of which one is killed in the middle and requeued: the count of the whole.
proof="explore --backend patched --scenario three-kickers --form core --migrations 2 --model sc,tso"
# shellcheck disable=SC2086 # a command line
counts() { grep -oE 'HOLDS \(exhaustive: [a-z0-9]+, [0-9]+ executions' "$1"; }
# shellcheck disable=SC2086 # a command line
"$KICKBENCH" $proof >"$work/whole"
counts "$work/whole" >"$work/whole.counts"
# Slurm lets a requeued task wait for two minutes.
start_now() {
	for ((i = 0; i < 100; i++)); do
		[ "$(squeue -h -r -j "$1" -o %T)" != PENDING ] || { scontrol update "JobId=$1" StartTime=now; return; }
		sleep 0.1
	done
}
kill_one() {
	local file job
	for ((i = 0; i < 3000; i++)); do
		for file in "$work"/p/shard-*.csv; do
			[ -e "$file" ] && [ ! -e "${file%.csv}.exit" ] && [ "$(wc -l <"$file")" -gt 5 ] || continue
			job=${file##*shard-}
			job=$(squeue -h -r -t RUNNING -o '%i %K' -n kickbench-any | awk -v n="${job%.csv}" '$2 == n { print $1 }')
			[ -n "$job" ] && scontrol requeue "$job" 2>/dev/null || continue
			echo "$job $(wc -l <"$file")"
			start_now "$job"
			return
		done
		sleep 0.02
	done
}
kill_one >"$work/killed" &
killer=$!
# shellcheck disable=SC2086 # a command line
expect 0 "HOLDS" --tasks 8 --out "$work/p" -- $proof
kill $killer 2>/dev/null || true
read -r job rows <"$work/killed" || complain "no task was killed in the middle"
counts "$work/p/explore.txt" | cmp -s - "$work/whole.counts" || complain "in parts: $(counts "$work/p/explore.txt")"
scontrol -o show job "$job" | grep -q 'Restarts=1' || complain "task $job was not requeued"
echo "3x1 kicks: task $job was killed after $rows rows and requeued; $(tr '\n' ';' <"$work/whole.counts")"
# shellcheck disable=SC2086 # a command line
expect 0 "patched: .* 2 of 2 seeds|patched: 0 in" --tasks 2 --out "$work/s" -- stress --backend patched --seconds 20
# Nodes that see no folder of this host.
# shellcheck disable=SC2086 # a command line
expect 0 "HOLDS \(exhaustive: sc" --no-shared --tasks 3 --out "$work/n" -- $proof
counts "$work/n/explore.txt" | cmp -s - "$work/whole.counts" || complain "by sbcast: $(counts "$work/n/explore.txt")"
# shellcheck disable=SC2086 # a command line
expect "[05]" "far-far1: exit [05]" --no-shared --kind near --kind far --out "$work/m" -- $bench
[ "$(ls "$work"/m/*/bench.csv | wc -l)" = 2 ] || complain "sbcast: not two folders in $(ls "$work/m")"
expect 3 "cannot make" --kind far --out /proc/nosuch
expect 3 "no program" --kind far --program "$work/nosuch/%k"
# A node is lost in the middle, and Slurm is told so, as after its timeout: the task has another one.
lose_node() {
	local node job
	for ((i = 0; i < 3000; i++)); do
		read -r job node < <(squeue -h -r -t RUNNING -o '%i %N') || { sleep 0.02; continue; }
		[ "$(cat "$1/${node%[0-9]}-$node/bench.csv" 2>/dev/null | wc -l)" -gt 2 ] || continue
		kill -KILL "${pid_of[$node]}"
		scontrol update "NodeName=$node" State=DOWN Reason=killed
		for process in /proc/[0-9]*; do
			tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -cxF -e "SLURM_CONF=$SLURM_CONF" \
				-e "SLURMD_NODENAME=$node" | grep -qx 2 && kill -KILL "${process#/proc/}" 2>/dev/null
		done
		echo "$node"
		start_now "$job"
		return
	done
}
long="bench --backend old,patched --scenario fastpath --window 5ms --path outside --reps 100"
lose_node "$work/l" >"$work/lost" &
# shellcheck disable=SC2086 # a command line
expect "[05]" "near-near[12]: exit [05]" --kind near --out "$work/l" -- $long
wait $!
lost=$(cat "$work/lost")
[ -n "$lost" ] && [ ! -e "$work/l/near-$lost.exit" ] || complain "not on the other node: $lost, $(ls "$work/l")"
lose_node "$work/f" >"$work/lost" &
# shellcheck disable=SC2086 # a command line
expect 3 "far: 1 of 1 nodes missing: task [0-9]+_1 CANCELLED" --kind far --timeout 1 --out "$work/f" -- $long
wait $!
[ -z "$(squeue -h)" ] || complain "jobs are left in the queue"
verdict $n "command lines and folders"
