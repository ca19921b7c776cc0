// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bug that the series' fourth patch repaired, re-created for AddressSanitizer: a bitmap of vCPUs
 * that is one long on the stack, given to somebody who believes that it has a bit for each vCPU.
 *
 *	bug scan|bits|set|fixed-scan|fixed-bits N
 *
 * scan looks at the bits of the N vCPUs there are; bits walks all MAX_VCPUS bits for those that are set,
 * as since the third patch; set sets the bit of vCPU N-1; fixed-... have a bitmap of MAX_VCPUS bits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VCPUS = 4096, BITS = 8 * sizeof(unsigned long) };

static int n_vcpus;
static int requests;

static __attribute__((noinline)) void request_scan(const unsigned long *bitmap)
{
	for (int i = 0; i < n_vcpus; i++)
		requests += bitmap[i / BITS] >> (i % BITS) & 1;
}

static __attribute__((noinline)) void request_bits(const unsigned long *bitmap)
{
	for (int word = 0; word < MAX_VCPUS / (int)BITS; word++)
		for (unsigned long left = bitmap[word]; left; left &= left - 1)
			requests += word * (int)BITS + __builtin_ctzl(left) < n_vcpus;
}

static __attribute__((noinline)) void set_bit(unsigned long *bitmap, int nr)
{
	bitmap[nr / BITS] |= 1UL << (nr % BITS);
}

/* The bug: where the destination is vCPU nr. */
static void write_indirect(void (*request)(const unsigned long *), int nr)
{
	unsigned long bitmap = 0;

	set_bit(&bitmap, nr);
	if (request)
		request(&bitmap);
}

static void write_indirect_fixed(void (*request)(const unsigned long *), int nr)
{
	unsigned long bitmap[MAX_VCPUS / BITS] = { 0 };

	set_bit(bitmap, nr);
	request(bitmap);
}

int main(int argc, char **argv)
{
	const char *how = argc == 3 ? argv[1] : "";

	n_vcpus = argc == 3 ? atoi(argv[2]) : 0;
	if (n_vcpus < 1 || n_vcpus > MAX_VCPUS)
		return 2;
	if (!strcmp(how, "scan"))
		write_indirect(request_scan, 0);
	else if (!strcmp(how, "bits"))
		write_indirect(request_bits, 0);
	else if (!strcmp(how, "set"))
		write_indirect(NULL, n_vcpus - 1);
	else if (!strcmp(how, "fixed-scan"))
		write_indirect_fixed(request_scan, n_vcpus - 1);
	else if (!strcmp(how, "fixed-bits"))
		write_indirect_fixed(request_bits, n_vcpus - 1);
	else
		return 2;
	printf("%d requests\n", requests);
	return 0;
}
