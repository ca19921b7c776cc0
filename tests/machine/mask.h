/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One backend's mask form and what it needs around it, for tests/machine/test_machine_masks.c. */
#ifndef TESTS_MASK_H
#define TESTS_MASK_H

#include <stdint.h>

#include "kick.h"
#include "machine/machine.h"
#include "machine/team.h"

#define MASK_GOODBYE 31 /* the request after which a sleeper does not sleep again */

/* A vCPU with a thread and a pCPU of its own: it walks, or it sleeps. */
struct mask_loner {
	int vcpu, cpu, kicker;
	uint64_t times MACHINE_ALIGNED; /* odd: in a walk, or about to sleep */
	uint64_t sent;
};

struct mask_backend {
	const char *name;
	const struct kick_declaration *decl;
	struct machine_sizes sizes;
	void (*prepare)(void);
	void (*load)(int vcpu, int cpu);
	void (*put)(int vcpu);
	void (*enter)(int vcpu);
	void (*poll)(int cpu);
	void (*view)(int vcpu, struct kick_view *view);
	bool (*mask)(unsigned int req, const unsigned long *bitmap, unsigned int nbits);
	bool (*wake)(int vcpu);
	/* Threads of a team. */
	void (*carrier)(struct team_member *member); /* arg: struct carrier */
	void (*walker)(struct team_member *member);  /* arg: struct mask_loner */
	void (*sleeper)(struct team_member *member); /* arg: struct mask_loner */
};

#endif
