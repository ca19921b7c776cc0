/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How threads wait, in the middle of explore_tmpl.c: kick_wait() and kick_post() of everybody, and the
 * signals of a VMM's vCPU threads.
 */
#ifndef KICK_VMM
#define XP_WIPED(op) (op)
#endif
#define XP_SWAP(a, b)                                                                              \
	do {                                                                                       \
		bool a_ = (a);                                                                     \
		(a) = (b);                                                                         \
		(b) = a_;                                                                          \
	} while (0)

#ifdef KICK_VMM
/* Which signals it takes now; NULL: it is no vCPU's thread. */
static XP_NOT_SHOWN struct xp_thread *own_thread(void)
{
	return xp_self() < xp_scenario.vcpus ? &world.thread[xp_self()] : NULL;
}

static int xp_thread_of(const struct kick_vcpu *vcpu)
{
	return xp_first_cpu(&xp_scenario, (int)(vcpu - world.vcpu));
}

static XP_NOT_SHOWN bool xp_takes_signals(void)
{
	const struct xp_thread *t = own_thread();

	return t && !t->in_run && !t->masked && !t->in_handler;
}

/* In a frame of its own: what lies above it is the thread's. */
static __attribute__((noinline)) void run_handler(void)
{
	own_thread()->in_handler = true;
	xp_handles(__builtin_frame_address(0));
	kick_handler(&world.vcpu[xp_self()]);
	xp_handles(NULL);
	own_thread()->in_handler = false;
}

/* One at each operation: whoever sends them without an end does not stop the thread. */
static void xp_polls(void)
{
	if (!xp_takes_signals() || !xp_poll(true, XP_SITE("a signal")))
		return;
	run_handler();
}

static void xp_mask_signals(bool blocked)
{
	xp_polls();
	own_thread()->masked = blocked;
	xp_polls();
}

static void xp_run_end(void)
{
	own_thread()->in_run = false;
	xp_book_irq(false);
	xp_polls();
}

/* The kernel looks at the word, which the VMM shares with it, and then at what pends. */
static bool xp_run_begin(kick_int *exit, const struct xp_site *site)
{
	xp_polls();
	own_thread()->in_run = true;
	xp_book_irq(true);
	xp_kernel_entry(site);
	if (!(exit && kick_op_load(&exit->raw, KICK_RELAXED, "READ_ONCE(kvm_run->immediate_exit)")) &&
	    !xp_poll(false, site))
		return true;
	xp_run_end();
	return false;
}
#endif

/* Where a thread's signals pend, and who wakes it finds it: also when it has migrated. */
static int place_of(int fiber)
{
	return fiber < xp_scenario.vcpus ? xp_first_cpu(&xp_scenario, fiber) :
					   xp_kicker_cpu(&xp_scenario, fiber - xp_scenario.vcpus);
}

/*
 * Into the kernel, as far as signals go; true: they may end what it does there.  *blocked is the mask
 * meanwhile, and then the one of before; NULL: the mask stays.
 */
static XP_NOT_SHOWN bool enter_kernel(bool *blocked)
{
#ifdef KICK_VMM
	struct xp_thread *t = own_thread();

	XP_WIPED(xp_polls());
	if (!t)
		return false;
	t->in_run = true;
	if (blocked)
		XP_SWAP(t->masked, *blocked);
	return !t->masked && !t->in_handler;
#else
	(void)blocked;
	return false;
#endif
}

static XP_NOT_SHOWN void leave_kernel(bool *blocked)
{
#ifdef KICK_VMM
	struct xp_thread *t = own_thread();

	if (!t)
		return;
	t->in_run = false;
	XP_WIPED(xp_polls());
	if (blocked)
		XP_SWAP(t->masked, *blocked);
#else
	(void)blocked;
#endif
}

/* One look at the word, under the lock that who posts takes: does this thread sleep now? */
static bool queue(kick_int *word, int value, bool signals, const struct xp_site *site, bool *differs)
{
	bool sleeps;

	XP_WIPED(xp_lock(&world.futex, site));
	*differs = (int)XP_WIPED(xp_load(&word->raw, sizeof(word->raw), KICK_RELAXED, site)) != value;
	sleeps = !*differs && !(signals && XP_WIPED(xp_poll(false, site)));
	if (sleeps)
		world.waits_on[xp_self()] = (int)((char *)word - (char *)&world) + 1;
	XP_WIPED(xp_unlock(&world.futex, site));
	return sleeps;
}

/* A signal came first; whoever woke it as well must find nobody. */
static void unqueue(const struct xp_site *site)
{
	bool woken;

	XP_WIPED(xp_lock(&world.futex, site));
	woken = !world.waits_on[xp_self()];
	world.waits_on[xp_self()] = 0;
	XP_WIPED(xp_unlock(&world.futex, site));
	if (woken)
		XP_WIPED(xp_nap(place_of(xp_self()), false, site));
}

/* False: a signal was taken, which ends it. */
static bool xp_futex_wait(kick_int *word, int value, bool or_signal, const struct xp_site *site)
{
	bool differs = false, signals, sleeps, woken, none = false, *blocked = or_signal ? &none : NULL;

	for (;;) {
		signals = XP_WIPED(enter_kernel(blocked));
		XP_WIPED(xp_fence(KICK_MB, site));
		sleeps = XP_WIPED(queue(word, value, signals, site, &differs));
		woken = sleeps && XP_WIPED(xp_nap(place_of(xp_self()), signals, site));
		if (sleeps && !woken)
			XP_WIPED(unqueue(site));
		XP_WIPED(leave_kernel(blocked));
		if (differs)
			return true;
		if (or_signal && !woken)
			return false;
	}
}

static void xp_futex_post(kick_int *word, const struct xp_site *site)
{
	int i, at = (int)((char *)word - (char *)&world) + 1;

	XP_WIPED(xp_fence(KICK_MB, site));
	XP_WIPED(xp_lock(&world.futex, site));
	for (i = 0; i < xp_scenario.vcpus + xp_scenario.kickers; i++)
		if (world.waits_on[i] == at) {
			world.waits_on[i] = 0;
			XP_WIPED(xp_wake(place_of(i), site));
		}
	XP_WIPED(xp_unlock(&world.futex, site));
}
