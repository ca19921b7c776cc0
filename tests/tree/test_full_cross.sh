#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Other architectures: the contract, every backend and explore compile for four of them without a
# warning, and for aarch64 the rest of the program's C, too.  Under qemu explore finds there,
# execution for execution, what it finds here: its verdicts are the model's, not the host's.
set -eu
. "$(dirname "$0")/structure.sh"

n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
executions=100 # per cell, where qemu is ten times slower; a third of the cells end before that

# What is the same for every architecture; not /usr/include itself, which is this one's.
mkdir "$work/include"
includes=$(pkg-config --variable=includedir ck)
ln -s "$includes"/ck*.h "$includes/gcc" "$includes/spinlock" "$work/include"
ln -s "$(pkg-config --variable=includedir libcjson)/cjson" "$work/include"
# hwloc's configuration lies among this architecture's headers, but says nothing about it.
mkdir "$work/include/hwloc"
ln -s /usr/include/hwloc/*.h "$work/include/hwloc"
cp -r "$(dirname "$(find /usr/include -path '*/hwloc/autogen/config.h')")" "$work/include/hwloc"
ln -s /usr/include/hwloc.h "$work/include"
flags="-std=gnu17 -O2 -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Werror
-D_GNU_SOURCE -I$SRC -I$SRC/include -I$BUILD/gen -I$work/include"

# objects CC FOLDER: compiles FOLDER, and its judges for every backend, into $work/CC/FOLDER.
objects() {
	local cc=$1 folder=$2 out=$work/$1/$2
	mkdir -p "$out"
	{
		find "$SRC/$folder" -name '*.c' ! -name '*_tmpl.c'
		find "$BUILD/gen/kb_$folder" -name '*.c' 2>/dev/null
	} | sort >"$out/sources"
	n=$((n + $(wc -l <"$out/sources")))
	# shellcheck disable=SC2016,SC2086 # expanded by the inner shell; a list of flags
	xargs -P 2 -I{} sh -c 'out=$0; source=$1; shift; "$@" -c "$source" -o "$out/${source##*/}.o"' \
		"$out" {} "$cc" $flags <"$out/sources" 2>"$out/log" ||
		complain "$folder does not compile with $cc: $(head -n 5 "$out/log")"
}

# found_by CC [EMULATOR]: what explore finds when CC compiled it, in $work/CC/found.
found_by() {
	local dir=$work/$1
	ar rcs "$dir/explore.a" "$dir"/explore/*.o
	# shellcheck disable=SC2086 # a list of flags
	"$1" $flags ${2:+-static} "$SRC/tests/tree/cross/matrix.c" "$dir/explore.a" -o "$dir/matrix"
	${2-} "$dir/matrix" $executions >"$dir/found" || complain "explore failed under ${2:-$1}"
}

objects gcc explore
found_by gcc
cells=$(wc -l <"$work/gcc/found")
for line in 'old two-kicks sc: LOST' 'patched one-kick sc: HOLDS' 'busted_nofence one-kick tso: LOST'; do
	grep -q "^$line" "$work/gcc/found" || complain "not among $cells cells: $line"
done

skipped=
for pair in aarch64:aarch64 riscv64:riscv64 powerpc64le:ppc64le s390x:s390x; do
	cc=${pair%:*}-linux-gnu-gcc emulator=qemu-${pair#*:}-static
	if ! command -v "$cc" >/dev/null; then
		skipped="$skipped $cc"
		continue
	fi
	objects "$cc" explore
	if [ "$cc" = aarch64-linux-gnu-gcc ]; then
		for folder in perf machine bench topo results cli; do
			objects "$cc" $folder
		done
	fi
	command -v "$emulator" >/dev/null || { skipped="$skipped $emulator"; continue; }
	found_by "$cc" "$emulator"
	diff "$work/gcc/found" "$work/$cc/found" >"$work/diff" ||
		complain "other findings under $emulator: $(head -n 4 "$work/diff")"
	n=$((n + cells))
done

[ -z "$skipped" ] || echo "skipped: not installed:$skipped (scripts/setup --full)"
[ "$(wc -w <<<"$skipped")" -lt 4 ] || exit 4
verdict $n "compilations and cells"
