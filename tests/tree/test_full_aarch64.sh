#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 3
# The program for aarch64: linked with Debian's libraries for it, and run under qemu.  What does not depend
# on time is what it is here: topologies, findings, counts.  What the emulator cannot show is in
# docs/testing.md.
# Needs every backend: a build with some of them leaves this out.
set -eu
. "$(dirname "$0")/structure.sh"

skip() {
	echo "skipped: $*"
	exit 4
}

for tool in aarch64-linux-gnu-g++ qemu-aarch64-static mmdebstrap; do
	command -v $tool >/dev/null || skip "no $tool (scripts/setup --full)"
done
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[ -n "$suite" ] || skip "not a Debian with a name"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kickbench
root=$cache/$suite-arm64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
backends=patched,locked_ticket,old,noop
looked=0

# The libraries and headers; kept, since they are downloaded.
sysroot() {
	[ ! -e "$root" ] || return 0
	local made=$root.$$
	mkdir -p "$cache"
	mmdebstrap --variant=extract --architectures=arm64 "$suite" "$made" >"$work/mmdebstrap.log" 2>&1 \
		--include=libc6-dev,libhwloc-dev,libck-dev,libcjson-dev,libbenchmark-dev,libcmocka-dev || {
		rm -rf "$made"
		skip "mmdebstrap failed: $(tail -n 1 "$work/mmdebstrap.log")"
	}
	mv -T "$made" "$root" 2>/dev/null || rm -rf "$made" # somebody else was faster
}

build() {
	cat >"$work/toolchain.cmake" <<-END
		set(CMAKE_SYSTEM_NAME Linux)
		set(CMAKE_SYSTEM_PROCESSOR aarch64)
		set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
		set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
		set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
		set(CMAKE_SYSROOT $root)
		set(CMAKE_FIND_ROOT_PATH $root)
		set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
		set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
	END
	PKG_CONFIG_SYSROOT_DIR=$root \
		PKG_CONFIG_LIBDIR=$root/usr/lib/aarch64-linux-gnu/pkgconfig:$root/usr/share/pkgconfig \
		cmake -S "$SRC" -B "$work/build" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" \
		-DCMAKE_C_FLAGS=-Werror -DCMAKE_CXX_FLAGS=-Werror -DKICK_BACKENDS="^(${backends//,/|})$" \
		>"$work/log" 2>&1 &&
		cmake --build "$work/build" --target kickbench -j 2 >"$work/log" 2>&1 || {
		tail -n 20 "$work/log"
		echo "the program does not build for aarch64"
		exit 1
	}
}

there() {
	XDG_CACHE_HOME=$work/there qemu-aarch64-static -L "$root" "$work/build/kickbench" "$@"
}

here() {
	XDG_CACHE_HOME=$work/here "$KICKBENCH" "$@"
}

# expect "CODES" VERB...: there it ends with one of these exit codes; its output is in $work/VERB.
expect() {
	local codes=$1 code=0
	shift
	there "$@" >"$work/$1" 2>"$work/$1.err" || code=$?
	looked=$((looked + 1))
	grep -qw $code <<<"$codes" || complain "$* ends with $code, not $codes: $(tail -n 3 "$work/$1.err")"
}

# same WHAT: $work/here.txt and $work/there.txt are.
same() {
	looked=$((looked + $(wc -l <"$work/here.txt")))
	[ -s "$work/here.txt" ] || complain "$1: nothing here"
	diff "$work/here.txt" "$work/there.txt" >"$work/diff" || complain "$1: $(head -n 4 "$work/diff")"
}

topologies() {
	local machine
	expect 0 list
	expect 0 topo
	for machine in "pack:2 core:4 pu:2" "pack:2 numa:2 l3:2 core:8 pu:1"; do
		here topo --synthetic "$machine" >"$work/here.txt"
		there topo --synthetic "$machine" >"$work/there.txt"
		same "topo of $machine"
	done
}

# Every line but for the seconds that it took.
explores() {
	local arguments=(explore --backend "$backends" --scenario one-kick,two-kicks,wake)
	expect "1" "${arguments[@]}"
	sed 's/  *[0-9.]* s$//' "$work/explore" >"$work/there.txt"
	here "${arguments[@]}" | sed 's/  *[0-9.]* s$//' >"$work/here.txt"
	same explore
}

# columns WHERE: the case and the operations of each row; a ticket lock is another off x86.
columns() {
	python3 - "$work/$1/bench.csv" <<-'END'
		import csv, sys
		with open(sys.argv[1], encoding="utf-8") as f:
		    for row in csv.DictReader(f):
		        if row["backend"] != "locked_ticket":
		            print([row[name] for name in ("backend", "path", "line", "form", "put")],
		                  {name: value for name, value in row.items() if name.endswith("s_per_kick")})
	END
}

# In cells without a second thread the verdict is not the emulator's; in others it may be.
benches() {
	local arguments=(bench --backend "$backends" --reps 9 --window 1ms --perf off)
	expect "0 5" "${arguments[@]}" --scenario floor,roundtrip,contend --out "$work/threads"
	expect "0 5" "${arguments[@]}" --scenario fastpath,entry --out "$work/there.bench"
	here "${arguments[@]}" --scenario fastpath,entry --out "$work/here.bench" >"$work/log" 2>&1 || true
	columns here.bench >"$work/here.txt"
	columns there.bench >"$work/there.txt"
	same "operations per kick"
	grep -q '"source":.*cntvct' "$work/there.bench/run.json" || complain "the clock is not cntvct"
	expect 0 report "$work/there.bench" --out "$work/page.html"
}

# Sound ones: caught by nothing; that too little happened on a slow machine is said by 5.
stresses() {
	expect "0 5" stress --backend patched,locked_ticket --seconds 3 --out "$work/stress.out"
	grep -q ' [1-9][0-9]* kicks' "$work/stress" || complain "stress kicked nobody"
}

# The tests of the emulated host: the clock, the sections of guest mode, interrupts, waits.
machine_tests() {
	local test name
	for test in "$SRC"/tests/machine/test_machine_*.c; do
		! grep -q 'mask\.h"' "$test" || continue # the units of tests/ take longer than all else
		name=$(basename "$test" .c)
		aarch64-linux-gnu-gcc --sysroot="$root" -std=gnu17 -O2 -D_GNU_SOURCE -I"$SRC" -I"$SRC/include" \
			-I"$work/build/gen" "$test" -Wl,--start-group "$work/build"/libkb_{bench,machine,topo,perf,results,apart,cmake}.a \
			-Wl,--end-group -lhwloc -lcjson -lbenchmark -lcmocka -lstdc++ -lm -o "$work/$name" \
			2>"$work/log" || { complain "$name: $(head -n 3 "$work/log")"; continue; }
		# What waits for threads to meet gets a second try: others use the PUs.
		qemu-aarch64-static -L "$root" "$work/$name" >"$work/log" 2>&1 ||
			qemu-aarch64-static -L "$root" "$work/$name" >"$work/log" 2>&1 ||
			complain "$name: $(grep -i error "$work/log" | head -n 3)"
		looked=$((looked + $(grep -c '^\[       OK' "$work/log" || true)))
	done
}

# What bench's table says of a lock is what is executed for it when nobody else wants it.
locks() {
	aarch64-linux-gnu-gcc --sysroot="$root" -std=gnu17 -O2 -D_GNU_SOURCE -I"$SRC" -I"$SRC/include" \
		"$SRC/tests/tree/cross/locks.c" -o "$work/locks"
	qemu-aarch64-static -L "$root" -d in_asm -D "$work/locks.log" "$work/locks"
	# The last line of a lock is the one of other architectures than x86.
	sed -n 's/^COUNT_LOCK(kick_\([a-z]*\), \(.*\));/\1 \2/p' "$SRC/bench/loop/count_world.h" | tr -d , |
		awk '$1 != "mutex" { l[$1] = $2 " " $3 " " $4; u[$1] = $5 " " $6 " " $7 }
			END { for (name in l) { print name "_l", l[name]; print name "_u", u[name] } }' |
		sort >"$work/here.txt"
	awk '/^IN: / { name = $2 } name !~ /^[a-z]*_[lu]$/ { next } { rmw[name] += 0 }
		$3 ~ /^lda?xr$/ { rmw[name]++ } $3 == "ldr" { load[name]++ } $3 ~ /^st(l?r|p)$/ { store[name]++ }
		END { for (name in rmw) print name, rmw[name], load[name] + 0, store[name] + 0 }' \
		"$work/locks.log" | sort >"$work/there.txt"
	same "operations of the locks"
}

# The same program in a system of its own, where QEMU and a kernel can be had.
in_a_guest() {
	local code=0 base=$cache/$suite-arm64-guest
	command -v qemu-system-aarch64 >/dev/null || { echo "no guest: no qemu-system-aarch64 (qemu-system-arm)"; return; }
	[ -e "$base" ] || {
		mmdebstrap --variant=extract --architectures=arm64 "$suite" "$base.$$" >"$work/mmdebstrap.log" 2>&1 \
			--include=linux-image-arm64,busybox-static && mv -T "$base.$$" "$base" || {
			rm -rf "$base.$$"
			echo "no guest: mmdebstrap failed: $(tail -n 1 "$work/mmdebstrap.log")"
			return
		}
	}
	python3 "$SRC/tests/guests/aarch64.py" "$work/build/kickbench" "$root" "$base" >"$work/log" 2>&1 || code=$?
	tail -n 3 "$work/log"
	looked=$((looked + 12))
	[ $code = 0 ] || complain "in a guest: $(tail -n 5 "$work/log")"
}

sysroot
build
locks
topologies
explores
benches
stresses
machine_tests
expect 4 kvm
in_a_guest
verdict $looked "results for aarch64"
