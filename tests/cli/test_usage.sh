#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A wrong command line gets one clear line and exit 2, in every verb; a full disk is not silence.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

n=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cd "$out"

# refuses WORD ARGUMENTS: exit 2, nothing on stdout, one line on stderr that has WORD in it.
refuses() {
	local word=$1 status=0 said
	shift
	n=$((n + 1))
	"$KICKBENCH" "$@" >out 2>err </dev/null || status=$?
	mapfile said <err
	[ $status = 2 ] || complain "kickbench $*: exit $status, should be 2"
	[ ${#said[@]} = 1 ] && [[ ${said[0]} == *$'\n' ]] || complain "kickbench $*: ${#said[@]} lines on stderr, should be 1"
	[ ! -s out ] || complain "kickbench $*: a complaint on stdout"
	[[ ${said[*]} == *"$word"* ]] || complain "kickbench $*: '${said[*]}' does not name $word"
}

helps() {
	local status=0
	n=$((n + 1))
	"$KICKBENCH" "$@" >out 2>err </dev/null || status=$?
	[ $status = 0 ] && [ -s out ] && [ ! -s err ] || complain "kickbench $*: exit $status, or no text"
}

helps --help
helps --version
refuses no-such-verb no-such-verb
verbs=$("$KICKBENCH" --help | sed -nE 's/^  ([a-z]+) .*/\1/p')
known=$("$KICKBENCH" no-such-verb 2>&1) || true
for verb in $verbs; do
	helps "$verb" --help
	refuses no-such-option "$verb" --no-such-option
	[[ $known =~ (^|[^a-z_])"$verb"($|[^a-z_]) ]] || complain "$verb is not among the known verbs"
	grep -q "^\*$verb\*" "$SRC/man/kickbench.1.scd" || complain "$verb is not in the manual"
done

status=0
"$KICKBENCH" 2>err >out || status=$?
[ $status = 2 ] && [ -s err ] || complain "kickbench alone: exit $status, should be 2 and the usage"
status=3
[ ! -c /dev/full ] || { status=0; "$KICKBENCH" --help >/dev/full 2>err || status=$?; }
[ $status = 3 ] || complain "kickbench --help >/dev/full: exit $status, should be 3"

# with VERB ARGUMENTS: as refuses, if this build has the verb.
with() {
	if [[ $'\n'$verbs$'\n' == *$'\n'"$2"$'\n'* ]]; then refuses "$@"; fi
}

# A file that is not of the kind that is written is somebody's.
echo "somebody's notes" >notes
with 'written over' explore --backend old --svg notes
with 'written over' report . --out notes
with 'written over' judge mine.h --program notes
for verb in $verbs; do
	[[ $("$KICKBENCH" "$verb" --help) != *'--junit FILE'* ]] || refuses 'written over' "$verb" --junit notes
done
[ "$(cat notes)" = "somebody's notes" ] || complain "somebody's notes were written over"

with nosuch bench --backend nosuch
with old bench --backend nosuch
with nosuch bench --scenario nosuch
with nosuch bench --transport nosuch
with nosuch bench --distance nosuch
with -5ms bench --window -5ms
with 5h bench --window 5h
with 'hours: say --budget TIME' bench --scenario roundtrip --window 60s --reps 1000
with 0 bench --window 0
with 99999 bench --kicker-pu 99999
with /proc/nosuch bench --out /proc/nosuch --backend noop
# What nobody would look at is no option there.
with exits explore --form core --exits 3
with exits explore --scenario wake --exits 2
for option in '--samples 5' '--depth 3' '--seed 7'; do
	with "${option%% *}" explore $option
	with "${option%% *}" explore --strategy stateful $option
done
with --depth explore --strategy walk --depth 3
for strategy in prove stateful walk auto; do
	with --strategy explore --bound 2 --strategy $strategy
done
for other in --weaken '--strategy walk' --count '--bound 1'; do
	with --all-orders explore --all-orders $other
done
with --svg explore --svg x.svg --expect
with --all-steps explore --all-steps --matrix
with --time explore --merge x --time 5s
with --model explore --replay x --model sc
with --backend explore --list --backend old
with nosuch compare nosuch nosuch
with nosuch topo --xml nosuch

verdict $n "command lines"
