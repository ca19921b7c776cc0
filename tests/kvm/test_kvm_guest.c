// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's image and the readers of the kernel's counters, without booting anything: page tables
 * are walked as a processor would, gates are decoded, the code is looked at byte by byte.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>
#include <linux/kvm.h>

#include "kvm/guest.h"
#include "kvm/lab.h"
#include "kvm/stats.h"
#include "tests/scratch.h"

#if defined(__x86_64__)
static unsigned char *memory;

static void write_guest(int cpl)
{
	memset(memory, 0, GUEST_SIZE);
	kvm_guest_write(memory, cpl);
}

static uint64_t word(uint64_t at)
{
	uint64_t value;

	assert_true(at <= GUEST_SIZE - sizeof(value));
	memcpy(&value, memory + at, sizeof(value));
	return value;
}

enum { P = 1, W = 2, U = 4, PS = 128 };
static const uint64_t address = 0x000ffffffffff000;

/* What a processor makes of a virtual address; all of it must be writable from level 3. */
static uint64_t walk(uint64_t virtual)
{
	uint64_t at = GUEST_PML4, entry = 0;

	for (int level = 3; level >= 1; level--) {
		entry = word(at + (virtual >> (12 + 9 * level) & 511) * 8);
		if (!(entry & P))
			return UINT64_MAX;
		assert_int_equal(entry & (W | U), W | U);
		assert_int_equal(!!(entry & PS), level == 1);
		at = entry & address;
	}
	assert_int_equal(at & 0x1fffff, 0);
	return at | (virtual & 0x1fffff);
}

struct gate {
	uint64_t handler;
	uint16_t selector;
	uint8_t type;
};

static struct gate gate_of(unsigned int vector)
{
	uint64_t low = word(GUEST_IDT + vector * 16), high = word(GUEST_IDT + vector * 16 + 8);

	return (struct gate){ .handler = (low & 0xffff) | (low >> 48) << 16 | high << 32,
			      .selector = (uint16_t)(low >> 16),
			      .type = (uint8_t)(low >> 40) };
}

static void pages_are_mapped_one_to_one(void **state)
{
	(void)state;
	write_guest(3);
	assert_int_equal(walk(0), 0);
	assert_int_equal(walk(GUEST_CODE), GUEST_CODE);
	assert_int_equal(walk(GUEST_STACK - 8), GUEST_STACK - 8);
	assert_int_equal(walk(GUEST_APIC + 0xb0), GUEST_APIC + 0xb0);
	assert_int_equal(walk(GUEST_NOWHERE), GUEST_NOWHERE); /* mapped, though there is no memory */
	assert_int_equal(walk(2 * GUEST_SIZE), UINT64_MAX);
	assert_int_equal(walk(0x40000000), UINT64_MAX);
}

static void gates_are_trap_gates_to_the_guests_own_level(void **state)
{
	static const int levels[] = { 0, 3 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		uint16_t selector = 0;

		write_guest(levels[i]);
		for (unsigned int vector = 0; vector < 256; vector++) {
			struct gate gate = gate_of(vector);

			assert_int_equal(gate.type, 0x8f);
			assert_int_equal(gate.selector & 3, levels[i]);
			assert_true(gate.handler > GUEST_CODE && gate.handler < GUEST_SHARED);
			selector = gate.selector;
		}
		/* A present 64-bit code segment of that level. */
		assert_int_equal(word(GUEST_GDT + (selector & ~7u)) >> 40 & 0xff, levels[i] ? 0xfb : 0x9b);
		assert_int_equal(word(GUEST_GDT + (selector & ~7u)) >> 53 & 1, 1);
	}
}

static void handlers_differ_where_they_must(void **state)
{
	uint64_t fault, first, second, stray;

	(void)state;
	write_guest(3);
	fault = gate_of(13).handler;
	first = gate_of(kvm_guest_vector[0]).handler;
	second = gate_of(kvm_guest_vector[1]).handler;
	stray = gate_of(0x80).handler;
	assert_true(fault != first && fault != second && fault != stray);
	assert_true(first != second && first != stray && second != stray);
	assert_int_equal(gate_of(0).handler, fault);
	assert_int_equal(gate_of(31).handler, fault);
	assert_int_equal(gate_of(32).handler, stray);
	assert_true(kvm_guest_vector[0] >> 4 != kvm_guest_vector[1] >> 4);
}

/* incq d8(%rbx), incq d32(%rbx): the displacement of the instruction at `at`, -1 if it is none. */
static int64_t counts(uint64_t at)
{
	int32_t far;

	if (memcmp(memory + at, "\x48\xff", 2))
		return -1;
	memcpy(&far, memory + at + 3, sizeof(far));
	switch (memory[at + 2]) {
	case 0x03:
		return 0;
	case 0x43:
		return (int8_t)memory[at + 3];
	case 0x83:
		return far;
	default:
		return -1;
	}
}

static void code_counts_where_we_look(void **state)
{
	static const unsigned char eoi[] = { 0x41, 0xc7, 0x84, 0x24, 0xb0, 0, 0, 0, 0, 0, 0, 0 };
	static const unsigned char iretq[] = { 0x48, 0xcf };
	uint64_t stray;

	(void)state;
	write_guest(0);
	stray = gate_of(0x80).handler;
	assert_int_equal(counts(GUEST_CODE), offsetof(struct guest_shared, loops));
	assert_int_equal(counts(gate_of(3).handler), offsetof(struct guest_shared, fault));
	assert_int_equal(counts(stray), offsetof(struct guest_shared, stray));
	for (int i = 0; i < GUEST_N_VECTORS; i++)
		assert_int_equal(counts(gate_of(kvm_guest_vector[i]).handler),
				 offsetof(struct guest_shared, interrupts) + 8 * (size_t)i);
	/* incq d32(%rbx) has 7 bytes; then the end of interrupt, and the way back. */
	assert_memory_equal(memory + stray + 7, eoi, sizeof(eoi));
	assert_memory_equal(memory + stray + 7 + sizeof(eoi), iretq, sizeof(iretq));
}

static void registers_are_those_of_long_mode(void **state)
{
	struct kvm_sregs sregs = { 0 };
	struct kvm_regs regs;

	(void)state;
	kvm_guest_registers(&sregs, &regs, 3);
	assert_int_equal(sregs.cs.l, 1);
	assert_int_equal(sregs.cs.dpl, 3);
	assert_int_equal(sregs.cs.selector & 3, 3);
	assert_int_equal(sregs.ss.dpl, 3);
	assert_int_equal(sregs.efer & 0x500, 0x500);
	assert_int_equal(sregs.cr3, GUEST_PML4);
	assert_int_equal(regs.rip, GUEST_CODE);
	assert_int_equal(regs.rflags, 0x202);
	kvm_guest_registers(&sregs, &regs, 0);
	assert_int_equal(sregs.cs.dpl, 0);
	assert_int_equal(sregs.cs.selector & 3, 0);
}
#endif

/* A statistics file as the kernel lays it out: header, id, descriptors, data. */
static int stats_file(const char *const *name, uint32_t n)
{
	const struct kvm_stats_header header = {
		.name_size = 48, .num_desc = n, .id_offset = 24, .desc_offset = 72,
		.data_offset = 72 + n * (uint32_t)(sizeof(struct kvm_stats_desc) + 48)
	};
	int fd = memfd_create("stats", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &header, sizeof(header), 0), sizeof(header));
	for (uint32_t i = 0; i < n; i++) {
		struct kvm_stats_desc desc = { .offset = i * 8, .size = 1 };
		off_t at = 72 + (off_t)(i * (sizeof(desc) + 48));
		char text[48] = "";

		snprintf(text, sizeof(text), "%s", name[i]);
		assert_int_equal(pwrite(fd, &desc, sizeof(desc), at), sizeof(desc));
		assert_int_equal(pwrite(fd, text, sizeof(text), at + (off_t)sizeof(desc)), sizeof(text));
	}
	return fd;
}

static void statistics_are_found_by_name(void **state)
{
	static const char *const name[] = { "halt_exits", "exits", "exits_more" };
	int fd = stats_file(name, 3);
	off_t at, first;

	(void)state;
	assert_int_equal(kvm_stats_find(fd, "halt_exits", &first), 0);
	assert_int_equal(kvm_stats_find(fd, "exits", &at), 0);
	assert_int_equal(at, first + 8);
	assert_int_equal(kvm_stats_find(fd, "exit", &at), -ENOENT);
	assert_int_equal(ftruncate(fd, 100), 0);
	assert_int_equal(kvm_stats_find(fd, "exits", &at), -EBADMSG);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(kvm_stats_find(fd, "exits", &at), -EBADMSG);
	close(fd);
	fd = stats_file(name, 0);
	assert_int_equal(kvm_stats_find(fd, "exits", &at), -ENOENT);
	close(fd);
}

static void status_lines_are_told_apart(void **state)
{
	static const char text[] = "Name:\tx\nvoluntary_ctxt_switches:\t12\n"
				   "nonvoluntary_ctxt_switches:\t345\n";

	(void)state;
	assert_int_equal(kvm_status_of(text, "voluntary_ctxt_switches"), 12);
	assert_int_equal(kvm_status_of(text, "nonvoluntary_ctxt_switches"), 345);
	assert_int_equal(kvm_status_of(text, "ctxt_switches"), 0);
	assert_int_equal(kvm_status_of("", "Name"), 0);
}

static void knobs_are_small_files(void **state)
{
	char path[SCRATCH_SIZE], text[16];
	const char *dir = scratch();
	uint64_t value = 7;
	FILE *out;

	(void)state;
	assert_int_equal(kvm_lab_parameter_read(dir, "gate", &value), -ENOENT);
	assert_int_equal(kvm_lab_parameter_variant(dir, text, sizeof(text)), -ENOENT);
	out = fopen(scratch_path(path, "klab_gate"), "we");
	assert_non_null(out);
	fputs("old\n", out);
	fclose(out);
	assert_int_equal(kvm_lab_parameter_read(dir, "gate", &value), -EBADMSG);
	assert_int_equal(kvm_lab_parameter_write(dir, "gate", 400000), 0);
	assert_int_equal(kvm_lab_parameter_read(dir, "gate", &value), 0);
	assert_int_equal(value, 400000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#if defined(__x86_64__)
		cmocka_unit_test(pages_are_mapped_one_to_one),
		cmocka_unit_test(gates_are_trap_gates_to_the_guests_own_level),
		cmocka_unit_test(handlers_differ_where_they_must),
		cmocka_unit_test(code_counts_where_we_look),
		cmocka_unit_test(registers_are_those_of_long_mode),
#endif
		cmocka_unit_test(statistics_are_found_by_name),
		cmocka_unit_test(status_lines_are_told_apart),
		cmocka_unit_test(knobs_are_small_files),
	};

#if defined(__x86_64__)
	memory = malloc(GUEST_SIZE);
	if (!memory)
		return 1;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
