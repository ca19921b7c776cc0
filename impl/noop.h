/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No protocol at all: what is left is what the harness itself costs.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK

KICK_DECLARE(.summary = "no protocol: measures the harness", .origin = "kickbench",
	     .features = KICK_F_NO_PROTOCOL);

struct kick_vcpu {
	kick_int nothing;
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->nothing, 0);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	(void)vcpu, (void)cpu;
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	return 0;
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	barrier();
	return true;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	barrier();
}

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)vcpu, (void)nr;
	barrier();
}

/* The barrier keeps the loop around it. */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)vcpu, (void)flags;
	barrier();
	return KICK_OUTSIDE;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	(void)vcpu;
	*view = (struct kick_view){ .cpu = -1 };
}
