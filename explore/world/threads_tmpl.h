/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How threads wait, in the middle of explore_tmpl.c: kick_wait() and kick_post() of everybody, and the
 * signals of a VMM's vCPU threads.
 */
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

/* One at each operation: whoever sends them without an end does not stop the thread. */
static void xp_polls(void)
{
	if (!xp_takes_signals() || !xp_poll(true, XP_SITE("a signal")))
		return;
	own_thread()->in_handler = true;
	kick_handler(&world.vcpu[xp_self()]);
	own_thread()->in_handler = false;
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

/* Where a thread's signals pend, and who wakes it finds it. */
static int place_of(int fiber)
{
	return fiber < xp_scenario.vcpus ? xp_first_cpu(&xp_scenario, fiber) :
					   xp_kicker_cpu(&xp_scenario, fiber - xp_scenario.vcpus);
}

/* In the kernel, as far as signals go: true: they may end what it does there. */
static XP_NOT_SHOWN bool enter_kernel(bool in)
{
#ifdef KICK_VMM
	struct xp_thread *t = own_thread();

	xp_polls();
	if (t)
		t->in_run = in;
	xp_polls();
	return t && !t->masked && !t->in_handler;
#else
	(void)in;
	return false;
#endif
}

/* One look at the word, under the lock that who posts takes: does this thread sleep now? */
static bool queue(kick_int *word, int value, bool signals, const struct xp_site *site, bool *differs)
{
	bool sleeps;

	xp_lock(&world.futex, site);
	*differs = (int)xp_load(&word->raw, sizeof(word->raw), KICK_RELAXED, site) != value;
	sleeps = !*differs && !(signals && xp_poll(false, site));
	if (sleeps)
		world.waits_on[xp_self()] = (int)((char *)word - (char *)&world) + 1;
	xp_unlock(&world.futex, site);
	return sleeps;
}

/* A signal came first; whoever woke it as well must find nobody. */
static void unqueue(const struct xp_site *site)
{
	bool woken;

	xp_lock(&world.futex, site);
	woken = !world.waits_on[xp_self()];
	world.waits_on[xp_self()] = 0;
	xp_unlock(&world.futex, site);
	if (woken)
		xp_nap(false, site);
}

/* False: a signal was taken, which ends it. */
static bool xp_futex_wait(kick_int *word, int value, bool or_signal, const struct xp_site *site)
{
	bool differs, signals, sleeps, woken;

	for (;;) {
		signals = enter_kernel(true);
		xp_fence(KICK_MB, site);
		sleeps = queue(word, value, signals, site, &differs);
		woken = sleeps && xp_nap(signals, site);
		if (sleeps && !woken)
			unqueue(site);
		enter_kernel(false);
		if (differs)
			return true;
		if (or_signal && !woken)
			return false;
	}
}

static void xp_futex_post(kick_int *word, const struct xp_site *site)
{
	int i, at = (int)((char *)word - (char *)&world) + 1;

	xp_fence(KICK_MB, site);
	xp_lock(&world.futex, site);
	for (i = 0; i < xp_scenario.vcpus + xp_scenario.kickers; i++)
		if (world.waits_on[i] == at) {
			world.waits_on[i] = 0;
			xp_wake(place_of(i), site);
		}
	xp_unlock(&world.futex, site);
}
