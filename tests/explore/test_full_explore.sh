#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the quick tier has no time for: the largest presets against the declarations, each day of other backends and
# models; and the engine's own tests with all of their cases.
set -eu
: "${KICKBENCH:=build/release/kickbench}"
: "${BUILD:=build/release}"
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
export KICKBENCH BUILD SRC

# explore OPTIONS: exit 0 and 4 (a backend that has no such cell) will do
explore() {
	local code=0
	"$KICKBENCH" explore --expect "$@" || code=$?
	[ $code -eq 0 ] || [ $code -eq 4 ] || exit $code
}

day=$(($(date +%s) / 86400))

# of_day WORD...: one of them.
of_day() {
	shift $((day % $#))
	echo "$1"
}

mapfile -t all < <("$KICKBENCH" list --names)
for backend in patched "$(of_day "${all[@]}")"; do
	explore --backend "$backend" --scenario three-kickers --strategy stateful --model "$(of_day sc tso pso)"
done
explore --backend "$(of_day old patched_515 mainline kvm_2007 kvm_2010 kvm_2011 kvm_2025 locked_mutex busted_checkfirst)" \
	--scenario twice-two-kicks --form core --model sc
explore --backend "$(of_day patched patched_515 mainline kvm_2025)" --scenario twice-two-kicks --form core --model tso,pso
explore --backend "$(of_day old patched mainline kvm_2025)" --scenario mask --place shared --model sc,tso
explore --backend "$(printf '%s\n' "${all[@]}" | awk -v day=$day '(NR + day) % 6 == 0' | paste -sd,)" \
	--scenario two-kicks-two-migrations --model rc11
explore --backend "$(of_day old patched mainline busted_relaxed_mode)" \
	--scenario three-kickers,twice-two-kicks --migrations 1 --form core --model rc11
for test in parts protocols oracle reduced; do
	EXPLORE_ALL=1 "$BUILD/test_explore_$test"
done
EXPLORE_ALL=1 "$SRC/tests/impl/test_verdicts.py"
LKMM_PROGRAMS=500 "$BUILD/test_explore_lkmm"
RC11_PROGRAMS=500 "$BUILD/test_explore_rc11"
