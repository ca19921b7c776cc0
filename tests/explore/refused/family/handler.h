/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread of a VMM that looks at requests where its handler has said so. */
#define KICK_LACKS_LOAD
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK
#define KICK_LACKS_PAUSE
#define KICK_LACKS_EXIT_WORK
#define KICK_LACKS_NEW_CALL

KICK_DECLARE(.summary = "for the tests of explore", .origin = "tests", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS);

struct kick_vcpu {
	kick_int immediate_exit;
	kick_ulong requests;
	kick_ptr local; /* the thread's, while it looks */
	bool stop;
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)fetch_or(&vcpu->requests, KICK_BIT(nr));
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return xchg(&vcpu->requests, 0);
}

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	HANDLER_SAYS(vcpu);
	WRITE_ONCE(vcpu->immediate_exit, 1);
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)flags;
	kick_signal(vcpu);
	return KICK_SENT;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	WRITE_ONCE(vcpu->immediate_exit, 0);
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	if (THREAD_LOOKS(vcpu) && READ_ONCE(vcpu->requests))
		return false;
	if (kick_run_begin(vcpu, &vcpu->immediate_exit))
		return true;
	WRITE_ONCE(vcpu->immediate_exit, 0);
	return false;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = -1;
}
