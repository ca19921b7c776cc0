// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One backend's kick_mask() with bitmaps on the heap that are exactly as long as nbits says, for VMs with
 * fewer and with more vCPUs: AddressSanitizer sees every bit that is read beyond, and each vCPU must have
 * the request if and only if its bit is there and set.
 */
#include "kick_ops_native.h"
#include "kick.h"
#include "world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUEST = 7, WORDS = 17, ROUNDS = 6 };

static struct kick_vcpu vcpus[MAX_VCPUS];
static struct kick_vm the_vm;
static struct kick_pcpu the_pcpu;
static struct kick_kicker the_kicker;
static struct kick_cpumask the_mask;

static struct kick_vm *this_vm(void)
{
	return &the_vm;
}

static struct kick_pcpu *this_cpu(void)
{
	return &the_pcpu;
}

static struct kick_kicker *this_kicker(void)
{
	return &the_kicker;
}

static struct kick_vcpu *kick_get_vcpu(struct kick_vm *vm, unsigned int i)
{
	(void)vm;
	return i < (unsigned int)n_vcpus ? &vcpus[i] : NULL;
}

static struct kick_cpumask *kick_cpumask_get(void)
{
	memset(&the_mask, 0, sizeof(the_mask));
	return &the_mask;
}

static unsigned long some_bits(void)
{
	unsigned long r = (unsigned long)random() << 32 ^ (unsigned long)random();

	return random() % 4 ? r & ((unsigned long)random() << 31 ^ (unsigned long)random()) :
	       random() % 2 ? ~0UL : 0;
}

static void everybody(void)
{
	memset(vcpus, 0, sizeof(vcpus[0]) * n_vcpus);
	for (int i = 0; i < n_vcpus; i++) {
		kick_vcpu_init(&vcpus[i]);
		kick_vcpu_load(&vcpus[i], i);
		if (random() % 2)
			kick_guest_enter(&vcpus[i]);
	}
}

static int once(unsigned int words)
{
	static const unsigned int flags[] = { 0, KVM_REQUEST_NO_WAKEUP, KVM_REQUEST_WAIT,
					      KVM_REQUEST_NO_ACTION };
	unsigned int nbits = (words - 1) * 64 + 1 + random() % 64, flag = flags[random() % 4];
	unsigned long *bitmap = malloc(words * sizeof(long));
	int wrong = 0;

	for (unsigned int i = 0; i < words; i++)
		bitmap[i] = some_bits();
	everybody();
	kick_mask(this_vm(), REQUEST | flag, bitmap, nbits);
	for (int i = 0; i < n_vcpus; i++) {
		bool asked = kick_bitmap_test(bitmap, nbits, i) && flag != KVM_REQUEST_NO_ACTION;
		struct kick_view view;

		kick_view(&vcpus[i], &view);
		wrong += view.requests != (asked ? 1UL << REQUEST : 0);
	}
	free(bitmap);
	if (wrong)
		printf("%d vCPUs, %u bits, flags %#x: %d have wrong requests\n", n_vcpus, nbits, flag,
		       wrong);
	return wrong;
}

int main(void)
{
	static const int counts[] = { 1, 63, 64, 65, 127, 128, 129, 288, 1024, 4096 };
	int wrong = 0, n = 0;

	if (!(kick_decl.features & KICK_F_MASK)) {
		puts("it has no mask kicks");
		return 0;
	}
	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
		for (unsigned int words = 1; words <= WORDS; words++)
			for (int round = 0; round < (counts[c] > 200 ? 1 : ROUNDS); round++, n++) {
				n_vcpus = counts[c];
				wrong += once(words);
			}
	printf("%d masks, %d calls\n", n, n_calls);
	return wrong || !n;
}
