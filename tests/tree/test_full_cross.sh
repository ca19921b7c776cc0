#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 2
# Other architectures: the program compiles without a warning for riscv64, ppc64le or s390x, by turns from day to day
# (for aarch64 it is linked by test_full_aarch64), and explore for aarch64 too, of every eighth backend, others each
# day.  Under qemu explore finds there, execution for execution, what it finds here: its verdicts are the model's, not
# the host's.
set -eu
. "$(dirname "$0")/structure.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/cross/compile.sh"
executions=100 # per cell, where qemu is ten times slower; a third of the cells end before that
here=$(uname -m)
day=$(($(date +%s) / 86400))
mkdir "$work/share"
awk -v day=$day '(NR + day) % 8 == 0 || /\((old|patched|busted_nofence)\)/' \
	"$BUILD/gen/kick_backends.def" >"$work/share/kick_backends.def"
share=$(sed 's/X(\(.*\))/\1/' "$work/share/kick_backends.def")
common="-I$work/share $common" flags="-I$work/share $flags"

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
	objects "$here" $folder -O2 "$share"
done
found_by "$here"
cells=$(wc -l <"$work/$here/found")
for line in 'old two-kicks sc: LOST' 'patched one-kick sc: HOLDS' 'busted_nofence one-kick tso: LOST'; do
	grep -q "^$line" "$work/$here/found" || complain "not among $cells cells: $line"
done

skipped=
others=(riscv64:riscv64 powerpc64le:ppc64le s390x:s390x)
for pair in aarch64:aarch64 "${others[day % 3]}"; do
	arch=${pair%:*} emulator=qemu-${pair#*:}-static
	if ! command -v "$arch-linux-gnu-g++" >/dev/null; then
		skipped="$skipped $arch-linux-gnu-g++"
		continue
	fi
	folders=$(program_folders)
	[ "$arch" != aarch64 ] || folders="explore apart results"
	for folder in $folders; do
		backends='patched locked_ticket'
		[ "$folder" != explore ] || backends=$share
		objects "$arch" "$folder" -O2 "$backends"
	done
	command -v "$emulator" >/dev/null || { skipped="$skipped $emulator"; continue; }
	found_by "$arch" "$emulator"
	diff "$work/$here/found" "$work/$arch/found" >"$work/diff" ||
		complain "other findings under $emulator: $(head -n 4 "$work/diff")"
	compiled=$((compiled + cells))
done

[ -z "$skipped" ] || echo "skipped: not installed:$skipped (scripts/setup --full)"
[ "$(wc -w <<<"$skipped")" -lt 2 ] || exit 4
verdict $compiled "compilations and cells"
