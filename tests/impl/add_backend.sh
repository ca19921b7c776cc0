# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced, with SRC set: a configured copy of the tree in $copy, to which impl/$name.h was added
# afterwards, as it would be in somebody's working tree.
. "$(dirname "$0")/../tree/structure.sh"

name=zz_scratch
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
files '*' | tar -C "$SRC" -T - -cf - | tar -C "$copy" -xf -
n=0
# A few backends are enough to build it with, and much faster; the lists come from file names anyway.
find "$copy/impl" -maxdepth 1 -name '*.h' ! -name noop.h ! -name old.h ! -name patched.h -delete

configure_like_build "$copy" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-w -DCMAKE_CXX_FLAGS=-w
cp "$copy/impl/patched.h" "$copy/impl/$name.h"

# build TARGET...
build() {
	cmake --build "$copy/build" --target "$@" -j "$(nproc)" >"$copy/log" 2>&1 && return
	tail -n 20 "$copy/log"
	complain "does not build"
	verdict 1 build
}

# shows WHAT COMMAND...: its output names the backend
shows() {
	local what=$1
	shift
	n=$((n + 1))
	"$@" >"$copy/out" 2>&1 || true
	grep -q "$name" "$copy/out" || complain "$what does not know $name: $(tail -n 3 "$copy/out")"
}
