#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Needs every backend: kickbench explore --litmus over more protocols and presets, and pairs."""
from test_explore_bridge import check_files

check_files(["--backend", "old,patched,patched_515", "--weaken=pairs", "--scenario", "one-kick,put-clears,wake",
             "--model", "sc,tso,pso,rc11"], 50)
check_files(["--backend", "mainline,locked_mutex", "--model", "sc,tso,pso"], 10)
