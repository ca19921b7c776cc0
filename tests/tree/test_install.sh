#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `cmake --install` puts under a prefix works there: program, manual, contract headers.
set -eu
. "$(dirname "$0")/structure.sh"

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$BUILD" --prefix "$prefix" >"$prefix/log" || { cat "$prefix/log"; exit 1; }

"$prefix/bin/kickbench" --version | grep -q '^kickbench [0-9]' || complain "the program does not run"
for header in "$SRC"/include/*.h; do
	[ -f "$prefix/include/kickbench/${header##*/}" ] || complain "${header##*/} is not installed"
done
printf '#include "kick_ops_native.h"\n#include "kick.h"\n' |
	cc -std=gnu17 -D_GNU_SOURCE -I"$prefix/include/kickbench" -fsyntax-only -xc - ||
	complain "the contract does not compile where it is installed"
if command -v scdoc >/dev/null && [ ! -s "$prefix/share/man/man1/kickbench.1" ]; then
	complain "no manual page"
fi
verdict "$(find "$prefix" -type f | wc -l)" "installed files"
