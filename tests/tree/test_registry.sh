#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The files in impl/ are the backends that the program knows: none forgotten, none invented.
set -eu
. "$(dirname "$0")/structure.sh"

files=$(cd "$SRC/impl" && ls ./*.h | sed 's,^\./,,; s,\.h$,,' | LC_ALL=C sort)
names=$("$KICKBENCH" list --names)
diff <(echo "$files") <(echo "$names") || complain "impl/*.h (<) and kickbench list --names (>) differ"
# A world is a word for its backends, so that it is the name of none.
worlds=$("$KICKBENCH" list --json | tr -d '\t' | sed -n 's/^"world":"\(.*\)",*$/\1/p' | LC_ALL=C sort -u)
for world in $worlds; do
	grep -qx "$world" <<<"$names" && complain "the world '$world' has the name of a backend"
	n=$(grep -cE "\.world = \"$world\"" "$SRC"/impl/*.h | grep -c ':1$' || true)
	[ "$world" = kvm ] || [ "$n" -gt 0 ] || complain "no file is of the world '$world'"
done
verdict "$(wc -w <<<"$names")" backends
