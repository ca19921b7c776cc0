#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Adding a backend is adding one file: in a copy of the tree, impl/patched.h under a new name is found
# by list, by bench and by ctest, with nothing else touched.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/.." && pwd)}"
. "$(dirname "$0")/structure.sh"

name=zz_scratch
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
files '*' | tar -C "$SRC" -T - -cf - | tar -C "$copy" -xf -
n=0
# A few backends are enough to build it with, and much faster; the lists come from file names anyway.
find "$copy/impl" -maxdepth 1 -name '*.h' ! -name null.h ! -name old.h ! -name patched.h -delete

# The new file comes after the first configuration, as it would in somebody's working tree.
cmake -S "$copy" -B "$copy/build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-w -DCMAKE_CXX_FLAGS=-w >/dev/null
cp "$copy/impl/patched.h" "$copy/impl/$name.h"
if ! cmake --build "$copy/build" --target kickbench -j "$(nproc)" >"$copy/log" 2>&1; then
	tail -n 20 "$copy/log"
	complain "does not build"
	verdict 1 build
fi

# shows WHAT COMMAND...: its output names the backend
shows() {
	local what=$1
	shift
	n=$((n + 1))
	"$@" >"$copy/out" 2>&1 || true
	grep -q "$name" "$copy/out" || complain "$what does not know $name: $(tail -n 3 "$copy/out")"
}

shows 'list --names' "$copy/build/kickbench" list --names
shows 'bench --plan' "$copy/build/kickbench" bench --plan --backend $name
shows 'ctest -N' ctest -N --test-dir "$copy/build"
verdict $n places
