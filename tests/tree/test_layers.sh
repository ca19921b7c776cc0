#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom, and that no harness knows a backend by name nor a backend its judge.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/structure.sh"

n=0
contract='(include/)?kick(_[a-z_]+)?\.(h|def)'

# includes FILES: lines FILE: "NAME" or FILE: <NAME>
includes() {
	(cd "$SRC" && sed -nE '/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]/{F;s/^[^"<]*//;p}' "$@") |
		paste -d' ' - - | sed -E 's/^([^ ]*) ([^ ]*[">]).*/\1: \2/'
}

# may FOLDER REGEX [FORBIDDEN]: what FOLDER's files include with quotes; which <...> they may not.
may() {
	local sources line
	mapfile -t sources < <(files "$1/*.c" "$1/*.h" "$1/*.cc")
	[ ${#sources[@]} -gt 0 ] || return 0
	n=$((n + ${#sources[@]}))
	while read -r line; do
		complain "${line/: /: may not include }"
	done < <(includes "${sources[@]}" | grep -E ': "|: <('"${3:-nothing}"')>$' | grep -vE ": \"($2)\"\$")
}

threads='pthread\.h|threads\.h'
hwloc='hwloc.*'
may impl '(family/)?[a-z0-9_]+\.h' '.*'
# What looks like a sibling is one; and another backend's text is a mutant's parent, so renamed.
while IFS=': ' read -r file target; do
	target=${target//\"/}
	if [ ! -f "$SRC/${file%/*}/$target" ]; then
		complain "$file: \"$target\" is not in impl/"
	elif [[ $file/$target != *family/* ]] && ! grep -q '^#define kick_decl ' "$SRC/$file"; then
		complain "$file: includes \"$target\" and is no mutant of it"
	fi
done < <(mapfile -t sources < <(files 'impl/*.h') && includes "${sources[@]}")
may include "$contract" "$threads|$hwloc"
headers='results/(hash|random)\.h' # without an object: below all
may topo "topo/.*|$headers"
may results 'results/.*|cmake/build_info\.h' "$hwloc"
may perf 'perf/.*' "$hwloc"
may report 'report/.*|results/.*' "$threads|$hwloc"
may machine "machine/.*|topo/.*|$headers|$contract" "$hwloc"
may bench "bench/.*|perf/.*|machine/.*|topo/.*|results/.*|$contract" "$hwloc"
may stress "stress/.*|machine/.*|topo/.*|results/.*|$contract" "$hwloc"
may kvm 'kvm/.*|perf/.*|topo/.*|results/.*' "$hwloc"
may explore "explore/.*|results/.*|$contract" "$threads|$hwloc"
generated='cmake/build_info\.h|verbs\.def|source_hash\.h'
may cli "(cli|perf|topo|results|report|machine|bench|stress|explore|kvm)/.*|$generated|$contract" \
	"$hwloc"

while read -r file; do
	complain "$file: the only C++ is bench/gbench.cc"
done < <(files '*.cc' '*.cpp' '*.hpp' | grep -vx bench/gbench.cc)
if grep -E '^#include "' "$SRC/bench/gbench.cc" | grep -v '"bench/gbench.h"'; then
	complain "bench/gbench.cc: sees nothing of the project but gbench.h"
fi

# conditionals REGEX FILES: lines FILE:LINE: #if ... where the regular expression matches
conditionals() {
	local regex=$1
	shift
	(cd "$SRC" && grep -HnE "^[[:space:]]*#[[:space:]]*(el)?if.*$regex" "$@") || true
}

names=$(cd "$SRC/impl" && ls ./*.h | sed 's,^\./,,; s,\.h$,,' | paste -sd'|')
judges="BENCH|STRESS|EXPLORE|"$(files '*_tmpl.c' | sed 's,.*/,,; s,_tmpl\.c$,,' | tr a-z A-Z | paste -sd'|')
mapfile -t harness < <(files '*.c' '*.h' '*.cc' | grep -v '^impl/')
mapfile -t backends < <(files 'impl/*.h')
while read -r line; do
	complain "$line: a harness does not know a backend by name"
done < <(conditionals "[^a-z_](\"?)($names)\b" "${harness[@]}")
while read -r line; do
	complain "$line: a backend does not know its judge"
done < <(conditionals "KICK_($judges)" "${backends[@]}")

verdict $n files
