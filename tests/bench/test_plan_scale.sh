#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench --plan answers for machines that are not here, up to 1024 PUs and 4096 vCPUs, and does not run for ever:
# 30 s of CPU time are a hundred times what it takes.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

n=0
# plans TEXT OPTIONS
plans() {
	local text=$1
	shift
	n=$((n + 1))
	(ulimit -t 30 && exec "$KICKBENCH" bench --plan "$@") >"$out" 2>&1 ||
		complain "bench --plan $*: exit $?: $(tail -n 1 "$out")"
	grep -qE '[1-9][0-9]* rows, about' "$out" || complain "bench --plan $*: no rows and duration"
	grep -qE -- "$text" "$out" || complain "bench --plan $*: nothing about $text"
}

out=$(mktemp)
trap 'rm -f "$out"' EXIT
huge='pack:4 [numa] die:4 l3:4 core:8 pu:2' # 1024 PUs
plans 'pu [0-9]+ -> 1?[0-9]{3}\b' --synthetic "$huge"
plans 'noop' --synthetic "$huge" --backend all --pairs 8
plans 'broadcast' --synthetic "$huge" --scenario broadcast --vcpus 1,64,4096
for file in "$SRC"/tests/topo/topologies/*.xml; do
	plans 'fastpath' --xml "$file"
done
verdict $n plans
