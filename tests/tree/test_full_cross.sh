#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Other architectures: all of the program compiles for four of them without a warning, explore for every
# backend.  Under qemu explore finds there, execution for execution, what it finds here: its verdicts are
# the model's, not the host's.
set -eu
. "$(dirname "$0")/structure.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/cross/compile.sh"
executions=100 # per cell, where qemu is ten times slower; a third of the cells end before that
here=$(uname -m)

# found_by ARCHITECTURE [EMULATOR]: what explore finds when compiled for it, in $work/ARCHITECTURE/found.
found_by() {
	local dir=$work/$1
	ar rcs "$dir/explore.a" "$dir"/{explore,apart,results}/*.o
	# shellcheck disable=SC2086 # a list of flags
	"$1-linux-gnu-gcc" $flags -O2 ${2:+-static} "$SRC/tests/tree/cross/matrix.c" "$dir/explore.a" \
		-lm -o "$dir/matrix"
	${2-} "$dir/matrix" $executions >"$dir/found" || complain "explore failed under ${2:-$1}"
}

for folder in explore apart results; do
	objects "$here" $folder -O2 every
done
found_by "$here"
cells=$(wc -l <"$work/$here/found")
for line in 'old two-kicks sc: LOST' 'patched one-kick sc: HOLDS' 'busted_nofence one-kick tso: LOST'; do
	grep -q "^$line" "$work/$here/found" || complain "not among $cells cells: $line"
done

skipped=
for pair in aarch64:aarch64 riscv64:riscv64 powerpc64le:ppc64le s390x:s390x; do
	arch=${pair%:*} emulator=qemu-${pair#*:}-static
	if ! command -v "$arch-linux-gnu-g++" >/dev/null; then
		skipped="$skipped $arch-linux-gnu-g++"
		continue
	fi
	for folder in $(program_folders); do
		backends='patched locked_ticket'
		[ "$folder" != explore ] || backends=every
		objects "$arch" "$folder" -O2 "$backends"
	done
	command -v "$emulator" >/dev/null || { skipped="$skipped $emulator"; continue; }
	found_by "$arch" "$emulator"
	diff "$work/$here/found" "$work/$arch/found" >"$work/diff" ||
		complain "other findings under $emulator: $(head -n 4 "$work/diff")"
	compiled=$((compiled + cells))
done

[ -z "$skipped" ] || echo "skipped: not installed:$skipped (scripts/setup --full)"
[ "$(wc -w <<<"$skipped")" -lt 4 ] || exit 4
verdict $compiled "compilations and cells"
