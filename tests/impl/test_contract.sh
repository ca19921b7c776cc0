#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the contract promises to refuse, it refuses: a plain access to a shared word, a function that is
# missing or has another type.  Each is put into a copy of impl/patched.h and must not compile, with a
# message that names it; the copy as it is compiles for every judge of bench.  All judges ask by the
# same header, so one of them, the smallest, stands for all.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/../tree/structure.sh"

cc=${CC:-cc}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
n=0

# compile JUDGE: of the copy's impl/patched.h
compile() {
	printf '#define KICK_BACKEND patched\n#define KICK_BACKEND_FILE "impl/patched.h"\n#include "%s"\n' \
		"bench/loop/$1_tmpl.c" | LC_ALL=C "$cc" -fsyntax-only -std=gnu17 -D_GNU_SOURCE -I"$copy" -I"$SRC" \
		-I"$SRC/include" -Wall -Werror=implicit-function-declaration -x c - 2>"$copy/out"
}

fresh() {
	rm -rf "$copy/impl"
	cp -r "$SRC/impl" "$copy/impl"
}

# refused WHAT SED-SCRIPT REGEX FILE...: does not compile, and the compiler says REGEX
refused() {
	local what=$1 script=$2 regex=$3 file
	shift 3
	fresh
	for file; do
		sed -E "$script" "$SRC/$file" >"$copy/$file"
	done
	! diff -r "$SRC/impl" "$copy/impl" >/dev/null || complain "$what: changes nothing"
	n=$((n + 1))
	if compile count; then
		complain "$what compiles"
	elif ! grep -E 'error:' "$copy/out" | grep -qE "$regex"; then
		complain "$what: no error matches $regex: $(head -n 1 "$copy/out")"
	fi
}

while read -r template; do
	n=$((n + 1))
	grep -qE '^#include "(kick_absent.h|.*_tmpl.c)"$' "$SRC/$template" || complain "$template: does not include kick_absent.h"
done < <(files '*_tmpl.c')

fresh
for judge in count fast live probe; do
	compile $judge || complain "patched does not compile for $judge: $(head -n 1 "$copy/out")"
done

both='impl/family/kvm.h impl/patched.h'
refused 'a plain read' 's/READ_ONCE\(vcpu->cpu\)/vcpu->cpu/' 'kick_int' impl/patched.h
refused 'a plain write' 's/WRITE_ONCE\(vcpu->cpu, cpu\)/vcpu->cpu = cpu/' 'kick_int' impl/family/kvm.h
refused 'a plain test' 's/READ_ONCE\(vcpu->mode\) ==/vcpu->mode ==/' 'invalid operands' impl/family/kvm.h
refused 'a plain |=' 's/set_bit\(nr, &vcpu->requests\)/vcpu->requests |= 1UL << nr/' 'invalid operands' \
	impl/family/request.h

# Renamed in all of the backend's text, so that only the judges miss it.
for name in $(sed -nE 's/^ \*\t[a-z].* (kick_[a-z_]+)\(.*/\1/p' "$SRC/include/kick.h" |
	grep -E '^kick_(vcpu_init|vcpu_load|vcpu_put|take|guest_|request|send|mask|walk_|block|wake|view)' | sort -u) \
	kick_walk_begin; do
	# shellcheck disable=SC2086
	refused "patched without $name" "s/\\b$name\\b/absent_$name/g" "$name" $both impl/family/request.h
done
refused 'another type of kick_send' 's/^(static inline) enum kick_outcome kick_send/\1 long kick_send/' \
	'kick_send' impl/patched.h
verdict $n 'compilations and templates'
