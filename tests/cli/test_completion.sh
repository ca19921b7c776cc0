#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion: every verb is offered, every option offered is one that the verb knows, every
# name offered is one that it takes.
set -eu
. "$(dirname "$0")/../tree/structure.sh"
. "$SRC/cli/completion.bash"

n=0

# complete_words WORD...: what is offered for the last of the words after `kickbench`.
complete_words() {
	COMP_WORDS=("$KICKBENCH" "$@")
	COMP_CWORD=$#
	_kickbench "$KICKBENCH" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	echo "${COMPREPLY[*]-}"
}

# offers EXPECTED WORD...
offers() {
	local expected=$1 got
	shift
	n=$((n + 1))
	got=$(complete_words "$@")
	[ "$got" = "$expected" ] || complain "kickbench $*: offers '$got', should be '$expected'"
}

# knows VERB OPTION: it stands in the program's own table, each of whose options test_option_tables.py calls.
table=$(printf '%s\t--help\t\n' $("$KICKBENCH" help --words); "$KICKBENCH" help --table | sed 's/\t/\t--/')
knows() {
	[[ $'\n'$table == *$'\n'"$1"$'\t'"${2%=}"$'\t'* ]]
}

verbs=$(cd "$SRC/cli" && ls verb_*.c | sed 's/^verb_//; s/\.c$//')
# A verb that was added after this build is not known yet.
for verb in $(sed -nE 's/^X\((.*)\)$/\1/p' "$BUILD/gen/verbs.def"); do
	[[ " "${verbs//$'\n'/ }" " == *" $verb "* ]] || complain "no source of $verb"
	offers "$verb" "$verb"
	options=$(complete_words "$verb" --)
	for option in $options; do
		n=$((n + 1))
		knows "$verb" "$option" || complain "$verb does not know $option"
	done
	[[ " $options " == *" --help "* ]] || complain "$verb: --help is not offered"
done

! knows bench --bogus || complain "this test does not see options that bench does not know"

offers "--version" --v
offers "old" bench --backend ol
offers "old,mainline" bench --backend old,mainl
offers "fastpath" bench --scenario fast
offers "floor,entry" bench --scenario floor,en
offers "two-kicks two-kicks-two-migrations" explore --scenario two-k
offers "l2 l3" bench --distance l
offers "--metric" compare --met
offers "" bench --seed ''
offers "cpu-claim cpu-checked" stress --windows cpu
offers "none" stress --windows non
offers "ns_per_op" compare --metric ns
offers "stateful" explore --strategy state
offers "quick" explore --scenario qu
offers "unloaded" bench --path un
offers "hot,stolen" bench --line hot,st
offers "closed open all" bench --loop ''
offers "late-ipis load" stress --faults l
offers "kick= kick-wait=" stress --weights kick
offers "kernel" run --perf ke
offers "--form=core" explore --form=co
offers "core" explore --form = co
offers "pairs" explore --weaken = ''
offers "stress" help str
for name in $(complete_words bench --scenario ''); do
	n=$((n + 1))
	"$KICKBENCH" bench --plan --scenario "$name" --synthetic "core:4 pu:1" >/dev/null ||
		complain "bench takes no scenario '$name'"
done
cd "$SRC"
offers "CMakeLists.txt" compare CMakeL
offers "tests" bench --out test
verdict $n completions
