#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the quick tier has no time for: the larger presets of every backend, against its declarations.
set -eu
: "${KICKBENCH:=build/release/kickbench}"

# explore OPTIONS: exit 0 and 4 (a backend that has no such cell) will do
explore() {
	local code=0
	"$KICKBENCH" explore --expect "$@" || code=$?
	[ $code -eq 0 ] || [ $code -eq 4 ] || exit $code
}

explore --backend all --scenario two-kicks-two-migrations
explore --backend all --scenario three-kickers --form core --model sc,tso
explore --backend old,patched,mainline,locked_mutex,busted_checkfirst \
	--scenario twice-two-kicks --form core --model sc
