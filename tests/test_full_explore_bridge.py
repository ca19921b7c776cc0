#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Needs every backend: kickbench explore --litmus over more protocols, all quick presets, and pairs."""
from test_explore_bridge import check_files

check_files(["--backend", "old,patched,patched_515,locked_mutex", "--weaken=pairs"], 100)
