#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 1
# kickbench judge where it is installed, by somebody without privileges, after the prefix was moved: with each
# compiler that is here a sound protocol is green, whatever it is called; a broken one and a dearer one are red; a
# corpus tells what became of its counter-examples; what is left behind is what was asked for.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/tmp" "$work/user"
cmake --install "$BUILD" --prefix "$work/first" >"$work/log" || { cat "$work/log"; exit 1; }
mv "$work/first" "$work/prefix"
judge=$work/prefix/bin/kickbench
cd "$work/user"
n=0
as=()
if [ "$(id -u)" = 0 ]; then
	chown 65534:65534 "$work/user" "$work/tmp"
	as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
export TMPDIR=$work/tmp HOME=$work/user

# says CODE TEXT COMMAND: that exit code, and a line that has the text.
says() {
	local code=0 wanted=$1 text=$2
	shift 2
	n=$((n + 1))
	"${as[@]}" "$@" >"$work/out" 2>&1 || code=$?
	[ $code = "$wanted" ] || complain "$*: exit $code, not $wanted: $(tail -n 4 "$work/out")"
	grep -qE -- "$text" "$work/out" || complain "$*: no '$text' in: $(tail -n 12 "$work/out")"
}

sed 's,/\* Not before the claim.*,/* harmless */,' "$SRC/impl/patched.h" >patched.h
cp patched.h 2-nd.kick.h
sed 's/kvm_exiting_guest_mode(vcpu);/(enum kick_outcome)xchg(\&vcpu->mode, EXITING_GUEST_MODE);/' patched.h >xchg.h
sed 's/cpu = READ_ONCE(vcpu->cpu);/&'"$(printf ' smp_mb();%.0s' {1..40})"'/; s/me = get_cpu();/&'"$(printf ' smp_mb();%.0s' {1..40})"'/' \
	patched.h >dear.h
chmod 644 ./*.h
few=(--time 3 --stress-time 1)

for cc in gcc clang; do
	command -v $cc >/dev/null || continue
	# Six seconds are too short for a single row where others use the PUs, too.
	for seconds in 6 90; do
		rm -rf out-$cc
		says 0 '^patched: no violation was found' "$judge" judge patched.h 2-nd.kick.h "${few[@]}" \
			--bench-time $seconds --slower-ok --cc $cc --out out-$cc
		[ ! -e out-$cc/bench.csv ] || break
	done
	grep -q '^kick_2_nd_kick: no violation' "$work/out" || complain "$cc: the second file has no verdict"
	says 0 'kick_2_nd_kick' "$judge" compare out-$cc --by backend --base patched_base
	says 0 '' "$judge" report out-$cc
	grep -q "\"compiler\":[[:space:]]*\"$([ $cc = gcc ] && echo GNU || echo Clang)" out-$cc/run.json || complain "$cc: run.json names another compiler"
done
says 1 'VIOLATED' "$judge" judge xchg.h "${few[@]}" --bench-time 0 --corpus corpus
says 1 'still violated, 0' "$judge" judge xchg.h --time 1 --stress-time 0 --bench-time 0 --corpus corpus
says 0 'corpus: 0 still violated, 0 .*, [1-9][0-9]* gone' "$judge" judge patched.h --time 1 --stress-time 0 --bench-time 0 --corpus corpus
# Eighty fences more are several times the price on every path, however busy the machine.
# Less than the least that it takes, it says so.
for seconds in 6 90; do
	"$judge" judge dear.h --time 1 --stress-time 0 --bench-time $seconds >"$work/out" 2>&1 || :
	grep -q 'budget of .* is too small' "$work/out" || break
done
says 1 'SLOWER' "$judge" judge dear.h --time 1 --stress-time 0 --bench-time $seconds
says 0 'SLOWER' "$judge" judge dear.h --time 1 --stress-time 0 --bench-time $seconds --slower-ok
# What is begun from any of them compiles: each day every sixth, and what is used below.
kit=$(dirname "$(find "$work/prefix" -name libkickbench.a)")
some=$("$judge" list --names | awk -v day=$(($(date +%s) / 86400)) '(NR + day) % 6 == 0 || /^(old|packed|chv_pause)$/')
for name in $some; do
	n=$((n + 1))
	"${as[@]}" "$judge" judge --new "from-$name.h" --from "$name" >"$work/out" 2>&1 || complain "--from $name: $(cat "$work/out")"
	cc "@$kit/cflags" -I"$kit" -I"$kit/include" -I"$kit/impl" -DKICK_EXPLORE=1 -DKICK_BACKEND="from_$name" \
		-DKICK_BACKEND_FILE="\"$work/user/from-$name.h\"" -Werror=implicit-function-declaration -fsyntax-only \
		"$kit/explore/world/explore_tmpl.c" >"$work/out" 2>&1 || complain "--from $name: $(head -n 2 "$work/out")"
done
says 0 'from_chv_pause: no violation.*no price' "$judge" judge from-chv_pause.h --time 3 --stress-time 1
grep -q 'no price: the vCPU of from_chv_pause is a thread of a VMM' "$work/out" || complain "a price beside another world"
says 1 'from_old: BROKEN' "$judge" judge from-old.h "${few[@]}" --bench-time 0
says 0 '' "$judge" judge --new new.h --from packed
says 0 'new: no violation' "$judge" judge new.h "${few[@]}" --bench-time 0 --program ./mine
says 0 '^new$' ./mine list --names
says 0 'HOLDS' ./mine explore --backend new --scenario one-kick
# A function that every judge's object defines; data that is no part of a state.
sed 's/^static inline enum kick_outcome kick_send/enum kick_outcome kick_send/' "$SRC/impl/noop.h" >global.h
says 2 'global.h: kick_send is defined without .static' "$judge" judge global.h
sed 's/^#include "family\/kvm.h"/&\nstatic int mine;/; s/me = get_cpu();/& mine++;/' "$SRC/impl/patched.h" >data.h
says 3 'why: refused: ' "$judge" judge data.h --time 1 --stress-time 0 --bench-time 0
[ -z "$(ls -A "$work/tmp")" ] || complain "left in TMPDIR: $(ls "$work/tmp")"

# The same folder, built in.
mkdir "$work/extra"
cp xchg.h "$work/extra/theirs.h"
export TAKE=. COMPILE='/gen/|registry' # the others do not know what backends there are
cmake -S "$SRC" -B "$work/build" -G Ninja -DKICK_EXTRA_BACKENDS="$work/extra" -DKICK_BACKENDS='^patched$' \
	-DCCACHE="$SRC/tests/tree/reuse.sh" >"$work/log" 2>&1 || complain "KICK_EXTRA_BACKENDS: $(tail "$work/log")"
nice cmake --build "$work/build" --target kickbench >"$work/log" 2>&1 || complain "KICK_EXTRA_BACKENDS: $(tail "$work/log")"
as=()
says 1 'theirs .*MODE' "$work/build/kickbench" explore --backend theirs --scenario claims --model sc
verdict $n "calls of judge and what it leaves"
