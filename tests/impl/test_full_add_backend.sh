#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 2
# The program of a tree to which a backend was added as one file knows it in every verb.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/add_backend.sh"

build kickbench
shows 'list --names' "$copy/build/kickbench" list --names
shows 'bench --plan' "$copy/build/kickbench" bench --plan --backend $name
shows 'explore' "$copy/build/kickbench" explore --backend $name --scenario one-kick --model sc
shows 'stress' "$copy/build/kickbench" stress --backend $name --seconds 1
verdict $n places
