#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A bitmap of vCPUs that is too short.  First the bug of ioapic_write_indirect() before the series' fourth
# patch, re-created: AddressSanitizer must catch it, the scan from 65 vCPUs on and never below, the walk
# of the set bits at every count.  Then kick_mask() of backends that have one of their own or of each family,
# with --full of every backend, which is told the number of bits: nothing beyond them is ever touched, however
# many vCPUs there are.
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/../tree/structure.sh"

cc=${CC:-cc}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0
export ASAN_OPTIONS=exitcode=99:detect_leaks=0

echo 'int main(void) { return 0; }' >"$dir/try.c"
if ! "$cc" -fsanitize=address -o "$dir/try" "$dir/try.c" 2>/dev/null || ! "$dir/try" 2>/dev/null; then
	echo "skipped: $cc -fsanitize=address makes no program that runs here"
	exit 4
fi

build() { # PROGRAM SOURCE FLAGS...
	local program=$1 source=$2
	shift 2
	"$cc" -std=gnu17 -D_GNU_SOURCE -g -O0 -fsanitize=address -fno-omit-frame-pointer -Wall "$@" \
		-I"$SRC" -I"$SRC/include" -I"$SRC/tests/impl/ioapic" -o "$dir/$program" "$source" >"$dir/out" 2>&1 ||
		{ complain "$program: $(grep -m1 error "$dir/out")"; return 1; }
}

run() { # EXPECTED-CODE REPORT PROGRAM ARGUMENTS...
	local expected=$1 report=$2 code=0
	shift 2
	"$dir/$1" "${@:2}" >"$dir/out" 2>&1 || code=$?
	n=$((n + 1))
	[ "$code" = "$expected" ] || complain "$*: exit code $code, not $expected: $(head -n 3 "$dir/out")"
	if [ -n "$report" ]; then
		grep -q "stack-buffer-overflow" "$dir/out" || complain "$*: no stack-buffer-overflow"
		grep -q "$report of size 8" "$dir/out" || complain "$*: no $report of size 8"
	fi
}

# Without kick_mask() there is nothing to ask.
lacks_mask() {
	"$cc" -std=gnu17 -D_GNU_SOURCE -dM -E -I"$SRC" -I"$SRC/include" -I"$SRC/tests/impl/ioapic" -DKICK_BACKEND="$1" \
		-DKICK_BACKEND_FILE="\"impl/$1.h\"" "$SRC/tests/impl/ioapic/fuzz.c" 2>/dev/null |
		grep -q '^#define KICK_LACKS_MASK'
}

build bug "$SRC/tests/impl/ioapic/bug.c"
for vcpus in 1 63 64 65 128 288 1024 4096; do
	if [ "$vcpus" -le 64 ]; then
		run 0 '' bug scan "$vcpus"
		run 0 '' bug set "$vcpus"
	else
		run 99 READ bug scan "$vcpus"
		# Far above, the one bit lands where no red zone is: that is what makes it a bad bug.
		[ "$vcpus" -gt 128 ] || run 99 READ bug set "$vcpus"
	fi
	run 99 READ bug bits "$vcpus"
	run 0 '' bug fixed-scan "$vcpus"
	run 0 '' bug fixed-bits "$vcpus"
done

backends=("$SRC"/impl/*.h)
[ "${1-}" = --full ] || mapfile -t backends < <(cd "$SRC" && grep -l 'kick_mask(' impl/*.h && printf 'impl/%s.h\n' kvm_2007 locked_mcs)
for backend in "${backends[@]}"; do
	name=${backend##*/}
	name=${name%.h}
	lacks_mask "$name" && continue
	build "fuzz-$name" "$SRC/tests/impl/ioapic/fuzz.c" -DKICK_BACKEND="$name" -DKICK_BACKEND_FILE="\"impl/$name.h\"" || continue
	run 0 '' "fuzz-$name"
	echo "$name: $(cat "$dir/out")"
done
verdict $n cases
