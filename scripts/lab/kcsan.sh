# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by scripts/kernel-lab --kcsan: kernels of our own with the kernel's race detector, one per
# variant, kicked freely while the vCPU migrates.  The report that started the patch, a race between
# kvm_arch_vcpu_load() and a kick, is to appear with the old order and not with the others.

race='kvm_arch_vcpu_load / kvm_'

# kcsan_build VARIANT: a small kernel in $cache/$version/kcsan-VARIANT, KVM built in.
kcsan_build() {
	local variant=$1 image=$cache/$version/kcsan-$1
	[ "$lab/generate.py" -nt "$image" ] || [ "$lab/klab.h" -nt "$image" ] ||
		[ "$lab/kcsan.config" -nt "$image" ] || return 0
	full_source
	cp "$lab/klab.h" "$full/virt/kvm/"
	python3 "$lab/generate.py" "$variant" "$full/kvm_main.packaged.c" "$full/arch/x86/kvm/x86.c" \
		"$full/virt/kvm/kvm_main.c" || exit $?
	say "building a kernel with KCSAN: $variant (the first one takes ten minutes)"
	(own_kernel kcsan "$lab/kcsan.config") >"$cache/$version/kcsan-$variant.log" 2>&1 9>&- ||
		fail "the kernel does not build: see $cache/$version/kcsan-$variant.log"
	cp "$cache/$version/kcsan/arch/x86/boot/bzImage" "$image"
}

# kcsan_run VARIANT: what it did, and how often each pair of functions was reported.  KCSAN watches one
# access in 100, for up to 300 us: a kick and a migration must meet in that time, so both come as fast as
# they can.  5: the guest did not get to its end.
kcsan_run() {
	local variant=$1 name=kcsan-$1
	say "booting: $variant, KCSAN"
	echo "kvm --lab free=60s,gate=0,first=msi,second=msr_filter" >"$out/kcsan.arguments"
	# A filter wants to know both functions of a race, else it prints nothing.
	printf '%s\n' whitelist '!kvm_arch_vcpu_load' '!kvm_vcpu_kick' '!kvm_make_vcpu_request' \
		'!kvm_arch_vcpu_ioctl_run' '!klab_claim' on >"$out/kcsan.told"
	python3 "$lab/initramfs.py" "$out/lab.cpio.gz" init="$out/init" lab/kickbench="$kickbench" \
		lab/arguments="$out/kcsan.arguments" lab/kcsan="$out/kcsan.told" "${libraries[@]}"
	emulate "$name" "$cache/$version/$name" \
		"kcsan.skip_watch=100 kcsan.udelay_task=300 ${KERNEL_LAB_APPEND-}" 180
	rm "$out/kcsan.arguments" "$out/kcsan.told"
	tr -d '\r' <"$out/$name.console" | sed -n 's/.*BUG: KCSAN: data-race in //p' | sort | uniq -c \
		>"$out/$name.txt"
	echo "KCSAN, $variant: $(grep '^kickbench: free run' "$out/$name.log")"
	sed -n 's/^kcsan: \(setup_watchpoints\|data_races\)/  &/p' "$out/$name.log"
	awk -F , -v v="$variant" '$1 == v { print "  poisoned stints: " $7 }' "$out/$name.log"
	cat "$out/$name.txt"
	grep -qx 'lab: exit 0' "$out/$name.log" || return 5
}

# races VARIANT: in how many pairs of functions the race that the patch ended was reported.
races() {
	grep -c "$race" "$out/kcsan-$1.txt" || true
}

kcsan() {
	local variant
	for variant in "${variants[@]}"; do
		kcsan_build "$variant"
		kcsan_run "$variant" || return $?
	done
	for variant in "${variants[@]:1}"; do
		[ "$(races "$variant")" = 0 ] || return 1
	done
	[ "$(races "${variants[0]}")" != 0 ] || return 5
	for variant in "${variants[@]}"; do
		rm -f "$out/kcsan-$variant.log"
	done
	rm -f "$out/init" "$out/qemu.log"
}
