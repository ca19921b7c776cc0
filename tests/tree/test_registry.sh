#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The files in impl/ are the backends that the program knows: none forgotten, none invented.
set -eu
. "$(dirname "$0")/structure.sh"

files=$(cd "$SRC/impl" && ls ./*.h | sed 's,^\./,,; s,\.h$,,' | LC_ALL=C sort)
names=$("$KICKBENCH" list --names)
diff <(echo "$files") <(echo "$names") || complain "impl/*.h (<) and kickbench list --names (>) differ"
verdict "$(wc -w <<<"$names")" backends
