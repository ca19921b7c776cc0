#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the quick tier has no time for: the larger presets of every backend, against its declarations.
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

explore --backend all --scenario three-kickers --form core --model sc,tso,pso
explore --backend old,patched,patched_515,mainline,kvm_2007,kvm_2010,kvm_2011,kvm_2025,locked_mutex,busted_checkfirst \
	--scenario twice-two-kicks --form core --model sc
explore --backend patched,patched_515,mainline,kvm_2025 --scenario twice-two-kicks --form core --model tso,pso
explore --backend old,patched,mainline,kvm_2025 --scenario mask --place shared --model sc,tso
explore --backend all --scenario two-kicks-two-migrations --form core --model rc11
explore --backend old,patched,mainline,busted_relaxed_mode \
	--scenario three-kickers,twice-two-kicks --migrations 1 --form core --model rc11
EXPLORE_ALL=1 "$BUILD/test_explore_oracle"
EXPLORE_ALL=1 "$BUILD/test_explore_parts"
EXPLORE_ALL=1 "$BUILD/test_explore_reduced"
EXPLORE_ALL=1 "$BUILD/test_explore_twins"
EXPLORE_ALL=1 "$BUILD/test_explore_protocols"
EXPLORE_ALL=1 "$SRC/tests/impl/test_verdicts.py"
LKMM_PROGRAMS=1000 "$BUILD/test_explore_lkmm"
RC11_PROGRAMS=1000 "$BUILD/test_explore_rc11"
