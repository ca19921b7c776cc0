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
flags=$(PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name kickbench.pc)") pkg-config --cflags kickbench)
# shellcheck disable=SC2086 # flags are words
printf '#include "kick_ops_native.h"\n#include "kick.h"\n' | cc -std=gnu17 -D_GNU_SOURCE $flags -fsyntax-only -xc - ||
	complain "the contract does not compile with pkg-config's flags: $flags"
for file in libkickbench.a cflags ldflags units impl/patched.h impl/family/kvm.h stress/stress_tmpl.c; do
	[ -s "$(dirname "$(find "$prefix" -name libkickbench.a)")/$file" ] || complain "the kit has no $file"
done
[ "$(sed -n 's/^## \([0-9.]*\) .*/\1/p' "$SRC/CHANGELOG.md" | head -n 1)" = \
	"$("$prefix/bin/kickbench" --version | sed -n 's/^kickbench \([0-9.]*\) .*/\1/p')" ] ||
	complain "CHANGELOG.md begins with another version than --version says"
if command -v scdoc >/dev/null && [ ! -s "$prefix/share/man/man1/kickbench.1" ]; then
	complain "no manual page"
fi
verdict "$(find "$prefix" -type f | wc -l)" "installed files"
