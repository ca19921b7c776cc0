// SPDX-License-Identifier: GPL-2.0-or-later
/* Guests under a real KVM_RUN: opened once in a run, since that takes longer than a phase. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stress/vmm_state.h"

struct stress_guests stress_guests;

/* Asked of the machine once. */
static const char *kvm_na(const struct stress_kvm *kvm)
{
	static char why[160];
	static bool asked;
	void *guest = asked ? NULL : kvm->open(why, sizeof(why));

	asked = true;
	if (guest)
		kvm->close(guest);
	return why[0] ? why : NULL;
}

const char *stress_run_na(const struct stress_backend *b, const struct stress_options *o)
{
	const char *na = stress_na(b);

	if (na || !o->kvm)
		return na;
	if (!(b->decl->features & KICK_F_SIGNAL))
		return "its vCPU is no thread of a VMM: nothing of it calls KVM_RUN";
	return kvm_na(o->kvm);
}

int stress_guests_open(const struct stress_kvm *kvm, int n, char *err, size_t err_size)
{
	stress_guests = (struct stress_guests){ .kvm = kvm };
	for (int i = 0; kvm && i < n; i++) {
		stress_guests.guest[i] = kvm->open(err, err_size);
		if (!stress_guests.guest[i]) {
			stress_guests_close();
			return -EOPNOTSUPP;
		}
		stress_guests.exit[i] = kvm->immediate_exit(stress_guests.guest[i]);
	}
	return 0;
}

void stress_guests_close(void)
{
	for (int i = 0; i < STRESS_MAX_VCPUS; i++)
		if (stress_guests.guest[i])
			stress_guests.kvm->close(stress_guests.guest[i]);
	stress_guests = (struct stress_guests){ 0 };
}
