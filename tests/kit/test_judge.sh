#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kickbench judge, from the build tree: a broken protocol is red, one that does not compile shows its own line and the
# word that was meant, a skeleton is a sound protocol.  What is measured is for test_full_judge.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
n=0

# says CODE TEXT COMMAND: that exit code, and a line that has the text.
says() {
	local code=0 wanted=$1 text=$2
	shift 2
	n=$((n + 1))
	"$@" >out 2>&1 || code=$?
	[ $code = "$wanted" ] || complain "$*: exit $code, not $wanted: $(tail -n 2 out)"
	grep -qE -- "$text" out || complain "$*: no '$text' in: $(head -n 12 out)"
}

# The claim as an exchange: writes what it does not find, too.
sed 's/kvm_exiting_guest_mode(vcpu);/(enum kick_outcome)xchg(\&vcpu->mode, EXITING_GUEST_MODE);/' \
	"$SRC/impl/patched.h" >my-xchg.h
says 1 'found: MODE .a curiosity' "$KICKBENCH" judge my-xchg.h --time 1 --stress-time 0 --bench-time 0 --ktap --junit x.xml \
	--corpus corpus
grep -q '^not ok .* explore/my_xchg/claims/sc' out || complain "KTAP does not say what broke"
grep -q '<failure message="MODE' x.xml || complain "JUnit's XML does not say what broke"
ls corpus/my_xchg-claims-sc-*.replay >/dev/null || complain "the corpus has no counter-example"

# A typing error, a plain access, an int that should be a kick_int, a function that is missing.
sed 's/READ_ONCE(vcpu->cpu)/READ_ONC(vcpu->cpu)/' "$SRC/impl/patched.h" >typo.h
says 2 'typo.h:[0-9]+:[0-9]+: .*READ_ONC' "$KICKBENCH" judge typo.h
grep -q 'hint:.*no such word' out || complain "no hint at the word"
grep -q '^ *[0-9]* | .*READ_ONC(vcpu->cpu)' out || complain "not the file's own line"
sed 's/cpu = READ_ONCE(vcpu->cpu)/cpu = vcpu->cpu/' "$SRC/impl/patched.h" >plain.h
says 2 'hint: .*READ_ONCE' "$KICKBENCH" judge plain.h
sed 's/kick_int state;/int state;/' "$SRC/impl/packed.h" >int.h
says 2 '^ *[0-9]+ \| 	int state;' "$KICKBENCH" judge int.h
[ "$(grep -c 'hint:.*READ_ONCE' out)" = 1 ] || complain "one mistake, and not one hint"
sed 's/kick_mask(/my_mask(/' "$SRC/impl/patched.h" >lacks.h
says 2 'lacks.h: defines no kick_mask' "$KICKBENCH" judge lacks.h
grep -q 'KICK_LACKS_MASK' out || complain "no hint at what may be left out"
sed 's/^static inline enum kick_outcome kick_send/static inline int kick_send/' "$SRC/impl/patched.h" >type.h
says 2 '^ *[0-9]+ \| static inline int kick_send' "$KICKBENCH" judge type.h
# What compiles, and no judge would see.
sed 's/^	vcpu->cpu = cpu;/	__asm__ volatile("incl %0" : "+m"(vcpu->cpu));/' "$SRC/impl/packed.h" >asm.h
says 2 'hint: explore sees no assembler' "$KICKBENCH" judge asm.h
sed 's/^	vcpu->cpu = cpu;/	__sync_synchronize();/' "$SRC/impl/packed.h" >atomics.h
says 2 'hint: in place of __sync_synchronize: smp_mb' "$KICKBENCH" judge atomics.h
# What a compiler says of another line.
sed '0,/^	return outcome;/s//	return outcome; {/' "$SRC/impl/patched.h" >brace.h
says 2 'brace.h:[0-9]+: the . that opens here is not closed' "$KICKBENCH" judge brace.h
sed '/^KICK_DECLARE/,/);$/s/);$/)/' "$SRC/impl/patched.h" >semicolon.h
says 2 'semicolon.h:1[0-9]:.*expected' "$KICKBENCH" judge semicolon.h
mkdir folder.h
says 2 'folder.h: not a file' "$KICKBENCH" judge folder.h

# What is no file, no base, no compiler.
says 2 'none.h: No such file' "$KICKBENCH" judge none.h
says 2 "'nobody' is no backend" "$KICKBENCH" judge typo.h --base nobody
says 3 "no C compiler" "$KICKBENCH" judge typo.h --cc "$work/nothing"
says 2 'which file' "$KICKBENCH" judge
# Another compiler than the one that built this takes what explore's units get: clang knows few of gcc's flags.
own=$(xargs -n 1 <"$BUILD/kit/seen" | grep -vxE -- '-g|-fsanitize=thread|-fno-lto|-fno-builtin-mem[a-z]+|-fstack-clash-protection' || :)
[ -z "$own" ] || complain "kit/seen has flags of one compiler:" $own

says 0 'kickbench judge new.h --base packed' "$KICKBENCH" judge --new new.h --from packed
says 2 'new.h: File exists' "$KICKBENCH" judge --new new.h
grep -q 'TODO' new.h || complain "the skeleton says nothing"
says 0 'kickbench judge thread.h' "$KICKBENCH" judge --new thread.h --from chv_pause
grep -q '^#include "kick_vmm.h"' thread.h || complain "the skeleton lacks what its parent includes"
grep -q '.world = "vmm"' thread.h || complain "the skeleton is of another world than its parent"
verdict $n "calls of judge"
