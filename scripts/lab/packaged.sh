# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by scripts/kernel-lab and scripts/kernel-judge: Debian's packaged kernel, as files in $cache, the
# program, and an emulated machine to run both on, its files in $out.  Nothing is installed.

say() {
	echo "${0##*/}: $*" >&2
}

skip() {
	say "skipped: $*"
	exit 4
}

fail() {
	say "$*"
	exit 3
}

# needs PROGRAM PACKAGE...: pairs.
needs() {
	local missing=
	while [ $# != 0 ]; do
		command -v "$1" >/dev/null || missing="$missing $2"
		shift 2
	done
	[ -z "$missing" ] || skip "please install (scripts/setup --full does):$missing"
}

# own_cache MIB: makes $cache ours, as long as this runs, if there is so much room.
own_cache() {
	mkdir -p "$cache" 2>/dev/null || skip "no place to keep downloads: set XDG_CACHE_HOME"
	cache=$(CDPATH='' cd -- "$cache" && pwd)
	local free_kib
	free_kib=$(df -Pk "$cache" | awk 'NR == 2 { print $4 }')
	[ "$free_kib" -ge $(($1 * 1024)) ] || skip "$cache has $((free_kib / 1024)) MiB left; this wants $1"
	exec 9>"$cache/lock"
	flock 9 # one lab at a time builds in there
}

# depends PACKAGE PATTERN: the package it depends on.
depends() {
	apt-cache depends "$1" 2>/dev/null | awk -v p="$2" '$1 == "Depends:" && $2 ~ p { print $2; exit }'
}

# versions PACKAGE: those that apt knows, the newest first.
versions() {
	apt-cache madison "$1" 2>/dev/null | awk '!seen[$3]++ { print $3 }'
}

# had PACKAGE...: each in this version, here or to be downloaded.
had() {
	local package
	for package; do
		compgen -G "$cache/$version/debs/${package}_*.deb" >/dev/null ||
			versions "$package" | grep -qFx "$version" || return 1
	done
}

# What linux-image-amd64 means today, or, while some packages of a new build are not signed yet and others
# of the old one are gone, meant before.  Sets image, headers, common, kbuild, source, release, version.
resolve() {
	image= # not the environment's
	for version in $(versions linux-image-amd64); do
		image=$(depends "linux-image-amd64=$version" '^linux-image-[0-9]')
		release=${image#linux-image-}
		headers=linux-headers-$release
		common=$(depends "$headers" '^linux-headers-.*-common$')
		kbuild=$(depends "$headers" '^linux-kbuild-')
		source=linux-source-${kbuild#linux-kbuild-}
		[ -z "$common" ] || [ -z "$kbuild" ] || ! had "$image" "$headers" "$common" "$kbuild" "$source" || break
		version=
	done
	[ -n "$image" ] || skip "apt knows no linux-image-amd64: not Debian, or no package lists (apt-get update)"
	[ -n "$version" ] || skip "apt knows no $image with headers, kbuild and source of the same build"
	compiler=$(depends "$headers" '^linux-compiler-gcc' | sed -n 's/^linux-compiler-\(gcc-[0-9]*\)-.*/\1/p')
	needs "${compiler:-gcc}" "${compiler:-gcc}"
}

# download PACKAGE...: as files in $debs; all of the same build.
download() {
	debs=$cache/$version/debs
	mkdir -p "$debs"
	local package missing=()
	for package; do
		compgen -G "$debs/${package}_*.deb" >/dev/null || missing+=("$package=$version")
	done
	[ ${#missing[@]} != 0 ] || return 0
	say "downloading ${missing[*]}"
	mkdir -p "$debs/partial"
	(cd "$debs/partial" && apt-get download -q "${missing[@]}") >"$cache/download.log" 2>&1 ||
		skip "apt-get download failed: $(tail -n 1 "$cache/download.log")"
	mv "$debs"/partial/*.deb "$debs"
	rmdir "$debs/partial"
}

# full_source: all of the packaged kernel's source, in $full.
full_source() {
	full=$cache/$version/full
	[ ! -e "$full/unpacked" ] || return 0
	say "unpacking all of $source"
	rm -rf "$full"
	mkdir -p "$full"
	dpkg-deb --fsys-tarfile "$debs/$source"_*.deb | tar -xO --wildcards '*.tar.xz' |
		tar -xJ -C "$full" --strip-components=1
	cp "$full/virt/kvm/kvm_main.c" "$full/kvm_main.packaged.c"
	touch "$full/unpacked"
}

# own_kernel NAME FRAGMENT: tinyconfig and the fragment, of $full, built in $cache/$version/NAME.
own_kernel() {
	local built=$cache/$version/$1 option make
	make=(make -C "$full" O="$built" CC="$(command -v ccache >/dev/null && echo "ccache ")$compiler" -j"$(nproc)")
	mkdir -p "$built"
	if [ "$2" -nt "$built/.config" ]; then
		"${make[@]}" tinyconfig
		"$full/scripts/kconfig/merge_config.sh" -m -O "$built" "$built/.config" "$2"
		"${make[@]}" olddefconfig
		# What it asks for and a newer kernel no longer has would change what is looked for.
		for option in $(grep -o '^CONFIG_[A-Z0-9_]*=[y0-9]*' "$2"); do
			grep -qx "$option" "$built/.config" || { rm "$built/.config"; fail "no $option in this kernel"; }
		done
	fi
	"${make[@]}" bzImage
	! grep -qx CONFIG_MODULES=y "$built/.config" || "${make[@]}" modules
}

# program [BACKEND...]: the program, and whatever it is linked with.  Where there is no release build yet, one with
# these backends only is made: all of them take minutes.
program() {
	kickbench=${KICKBENCH:-$root/build/release/kickbench}
	if [ -z "${KICKBENCH:-}" ]; then
		say "building kickbench"
		(
			cd "$root"
			if [ $# = 0 ] || [ -e build/release/build.ninja ]; then
				cmake --preset release
				exec cmake --build --preset release --target kickbench
			fi
			cmake -G Ninja -B "$cache/program" -DCMAKE_BUILD_TYPE=Release \
				-DKICK_BACKENDS="^($(IFS='|'; echo "$*"))\$"
			exec cmake --build "$cache/program" --target kickbench
		) >"$cache/kickbench.log" 2>&1 9>&- || fail "kickbench does not build: see $cache/kickbench.log"
		[ -e "$root/build/release/build.ninja" ] || kickbench=$cache/program/kickbench
	fi
	mapfile -t libraries < <(ldd "$kickbench" | sed -n 's,.*[[:space:]]\(/[^ ]*\) (0x.*,\1,p' |
		sed 's,^/\(.*\),\1=/\1,')
	[ ${#libraries[@]} != 0 ] || fail "$kickbench: not a program that ldd knows"
}

# emulate NAME KERNEL ARGUMENTS SECONDS: a machine with SVM, console in NAME.console, program in NAME.log,
# what it sends in NAME.sent.
# Ended after so many seconds without a word from the program: under load the emulator may stop for good.
emulate() {
	local size silent=0
	: >"$out/$1.raw"
	# no_timer_check: or a busy host's timer is found broken, and the kernel panics.
	# tsc=reliable: or a busy host's clocks are found unsynchronized, and ticks take longer than a tick.
	qemu-system-x86_64 -accel tcg,thread=multi -machine q35 -cpu EPYC,+svm -smp 4 -m "${memory:-512}" -nodefaults \
		-no-user-config -display none -no-reboot -kernel "$2" -initrd "$out/lab.cpio.gz" \
		-serial "file:$out/$1.console" -serial "file:$out/$1.raw" -serial "file:$out/$1.sent" \
		-append "console=ttyS0 quiet panic=-1 tsc=reliable no_timer_check mitigations=off nowatchdog rdinit=/init $3" \
		>"$out/qemu.log" 2>&1 9>&- &
	qemu=$!
	while kill -0 $qemu 2>/dev/null && [ $silent -lt "$4" ]; do
		size=$(stat -c %s "$out/$1.raw")
		sleep 1
		silent=$((size == $(stat -c %s "$out/$1.raw") ? silent + 1 : 0))
	done
	[ $silent -lt "$4" ] || say "the guest says nothing any more: see $out/$1.console"
	kill $qemu 2>/dev/null || true
	wait $qemu || true
	qemu=
	tr -d '\r' <"$out/$1.raw" >"$out/$1.log"
	rm "$out/$1.raw" "$out/lab.cpio.gz"
	[ -s "$out/$1.sent" ] || rm -f "$out/$1.sent"
}
