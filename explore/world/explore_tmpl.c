// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One backend for explore: what its vCPUs and kickers do in a scenario.  The only code here that
 * looks at xp_scenario is what differs between presets; everything else is the backend's own text.
 */
#define KICK_MAX_CPUS 64 /* masks in a pCPU's state are small */
#ifdef KICK_PLAIN_SEEN
/* Under the names that explore/engine/shared.c answers to: not all compilers show what these touch. */
void *memset(void *to, int c, __SIZE_TYPE__ n) __asm__("__tsan_memset");
void *memcpy(void *to, const void *from, __SIZE_TYPE__ n) __asm__("__tsan_memcpy");
void *memmove(void *to, const void *from, __SIZE_TYPE__ n) __asm__("__tsan_memmove");
#define __builtin_memset memset
#define __builtin_memcpy memcpy
#define __builtin_memmove memmove
#endif
#include "explore/world/ops_explore.h"
#include "kick.h"
#include "explore/world/world_explore.h"
/* Nobody here sees what assembler and a compiler's own atomics do; barrier() was defined before. */
#pragma GCC poison asm __asm __asm__
#pragma GCC poison __atomic_thread_fence __atomic_signal_fence __atomic_load __atomic_load_n __atomic_store
#pragma GCC poison __atomic_store_n __atomic_exchange __atomic_exchange_n __atomic_compare_exchange
#pragma GCC poison __atomic_compare_exchange_n __atomic_fetch_add __atomic_fetch_sub __atomic_fetch_or
#pragma GCC poison __atomic_fetch_and __atomic_test_and_set __atomic_clear
#pragma GCC poison __sync_synchronize __sync_bool_compare_and_swap __sync_val_compare_and_swap
#pragma GCC poison __sync_lock_test_and_set __sync_lock_release __sync_fetch_and_add __sync_fetch_and_sub
#pragma GCC poison __sync_fetch_and_or __sync_fetch_and_and
#pragma GCC poison __c11_atomic_thread_fence __c11_atomic_load __c11_atomic_store __c11_atomic_exchange
#pragma GCC poison __builtin_ia32_mfence __builtin_ia32_lfence __builtin_ia32_sfence __builtin_ia32_pause
#include KICK_BACKEND_FILE
#include "kick_absent.h"

enum { VCPUS = XP_MOST_VCPUS, KICKERS = 4, PCPUS = 3 * VCPUS + KICKERS, BUG = 31, NUMBERS = 32 };

static struct {
	struct kick_vcpu vcpu[VCPUS];
	struct kick_vm vm;
	struct kick_pcpu pcpu[PCPUS];
	struct kick_kicker kicker[VCPUS + KICKERS];
	/* The template's own books, where plain accesses are not looked at: words, or one agent's. */
	/* A page that a walker reads and a kicker frees: reached by spte, alive until freed. */
	kick_int spte;
	kick_int page;
	kick_int offline[PCPUS];
	int busy[PCPUS]; /* locks: the vCPUs that share pCPUs take turns */
	bool put_clears[VCPUS];
	/* Of no protocol: what each thread's calls have done, and what became of the requests. */
	struct xp_books books[VCPUS + KICKERS];
	unsigned long made[VCPUS + KICKERS][VCPUS];
	unsigned long served[VCPUS];
	uint8_t announced[VCPUS][NUMBERS], taken[VCPUS][NUMBERS]; /* how often */
	unsigned long sent_in[VCPUS + KICKERS][VCPUS]; /* stints that a kick was in and sent an IPI */
	bool claimed[VCPUS]; /* its thread has seen that in this stint */
	int on[VCPUS];	     /* its pCPU */
	int futex; /* a lock; of each thread, the word that it sleeps on, or 0 */
	int waits_on[VCPUS + KICKERS];
#ifdef KICK_VMM
	struct xp_thread thread[VCPUS];
	int call, taken_in[NUMBERS], kicked_in[NUMBERS], returned_in[NUMBERS]; /* calls, from 1 */
#endif
	kick_int data; /* what a request is about */
} world;

static XP_NOT_SHOWN struct xp_books *xp_books(void)
{
	return &world.books[xp_self()];
}

static XP_NOT_SHOWN bool xp_is_kept(const void *p)
{
	return (size_t)((const char *)p - (const char *)&world) < sizeof(world);
}

static bool xp_offline(int cpu)
{
	return xp_scenario.offline && READ_ONCE(world.offline[cpu]);
}

/* Of a task in the thread's own vCPU: another's is none of its business. */
static XP_NOT_SHOWN void xp_sleeper(const struct kick_task *task)
{
	const char *own = (const char *)&world.vcpu[xp_self() % VCPUS], *at = (const char *)task;

	if (xp_self() >= xp_scenario.vcpus || at < own || at >= own + sizeof(struct kick_vcpu))
		xp_refuse_sleeper();
}

static bool xp_put_clears(void)
{
	return world.put_clears[xp_self()];
}

static struct kick_vm *this_vm(void)
{
	return &world.vm;
}

static struct kick_pcpu *this_cpu(void)
{
	return &world.pcpu[xp_cpu()];
}

static struct kick_pcpu *xp_get_pcpu(int cpu)
{
	if (cpu >= 0 && cpu < kick_nr_cpus())
		return &world.pcpu[cpu];
	xp_found(KICK_V_CPU);
	return &world.pcpu[0];
}

static struct kick_kicker *this_kicker(void)
{
	return &world.kicker[xp_self()];
}

static struct kick_vcpu *kick_get_vcpu(struct kick_vm *vm, int i)
{
	(void)vm;
	return &world.vcpu[i];
}

#include "explore/world/threads_tmpl.h"

/* Between calls interrupts are as the last one was to leave them; in the host preemption is on, too. */
static XP_NOT_SHOWN void leaves(bool in_guest)
{
	const struct xp_books *books = xp_books();

#ifdef KICK_VMM
	xp_fiber_wipe();
#endif
	if (books->irq_off != in_guest || (!in_guest && books->preempt_off))
		xp_found(KICK_V_CONTRACT);
}

/* What is taken was announced before, and is taken as often; a load that runs ahead may come first. */
static XP_NOT_SHOWN void book_served(int i, unsigned long requests)
{
	unsigned long left;

	leaves(false);
	world.served[i] |= requests;
	for (left = (uint32_t)requests; left; left &= left - 1)
		if (++world.taken[i][__builtin_ctzl(left)] > world.announced[i][__builtin_ctzl(left)] &&
		    !xp_runs_ahead())
			xp_found(KICK_V_CONTRACT);
	if (requests >> NUMBERS)
		xp_found(KICK_V_CONTRACT);
}

static XP_NOT_SHOWN void book_announced(int i, unsigned int nr)
{
	world.announced[i][nr]++;
}

/* A call begins, which has sent nothing yet. */
static XP_NOT_SHOWN void book_call(void)
{
	leaves(false);
	xp_book_nothing_sent();
	xp_books()->kicking = true;
	xp_books()->zeroed = xp_zeroed();
}

static XP_NOT_SHOWN void book_return(void)
{
	xp_books()->kicking = false;
	leaves(false);
}

static XP_NOT_SHOWN void book_made(int i, unsigned int nr)
{
	world.made[xp_self()][i] |= 1UL << nr;
}

static void take(struct kick_vcpu *vcpu, int i)
{
	unsigned long requests = kick_take(vcpu);

	book_served(i, requests);
	if (xp_scenario.data && requests && !READ_ONCE(world.data))
		xp_found(KICK_V_STALE);
}

/* Is this the only kick there is?  Then nobody can have claimed the stint before. */
static XP_NOT_SHOWN bool only_kick(void)
{
	return xp_scenario.kickers * xp_scenario.kicks == 1 && !xp_scenario.self && !xp_scenario.own_thread &&
	       !(kick_decl.features & KICK_F_TWO_STATES);
}

/*
 * KICK_SENT is an IPI, anything else is none; but who waits may have to call a stint that others claimed.
 * Who woke somebody has made a TASK_INTERRUPTIBLE a TASK_RUNNING, and who did that to the vCPU's own says so.
 * Kickers have pCPUs of their own.
 */
static XP_NOT_SHOWN bool outcome_is_true(int i, enum kick_outcome outcome, unsigned int flags)
{
	bool tried = xp_books()->sent, zeroed = xp_zeroed() != xp_books()->zeroed;
	const int *task = world.books[i].task;

	if (zeroed && task && xp_zeroed_last() == task && outcome != KICK_WOKEN && outcome != KICK_SENT)
		return false;
	if (outcome >= KICK_N_OUTCOMES || (outcome == KICK_WOKEN && !(xp_scenario.sleeps && zeroed)) ||
	    (outcome == KICK_SELF && xp_self() >= xp_scenario.vcpus) ||
	    (outcome == KICK_READING && !xp_scenario.walk) ||
	    (outcome == KICK_OFFLINE && !xp_scenario.offline && xp_scenario.put == XP_STICKY) ||
	    (outcome == KICK_CLAIMED && (only_kick() || !(kick_decl.features & KICK_F_CLAIM))))
		return false;
	return outcome == KICK_SENT ? tried : !tried || flags & KVM_REQUEST_WAIT;
}

static XP_NOT_SHOWN void book_kick(int i, unsigned int nr, unsigned int flags, enum kick_outcome outcome)
{
	book_return();
	xp_books()->outcome = outcome;
	if (!outcome_is_true(i, outcome, flags))
		xp_found(KICK_V_CONTRACT);
	if (xp_scenario.request)
		book_made(i, nr);
}

/* A request, if there is one, and its kick, whose outcome is true. */
static void kick_one(int i, unsigned int nr, unsigned int flags)
{
	struct kick_vcpu *vcpu = &world.vcpu[i];
	enum kick_outcome outcome;

	if (xp_scenario.request) {
		book_announced(i, nr);
		kick_request(vcpu, nr);
	}
	book_call();
	outcome = kick_send(vcpu, flags);
	book_kick(i, nr, flags, outcome);
}

static unsigned long targets(void)
{
	return xp_scenario.targets ? xp_scenario.targets : (1UL << xp_scenario.vcpus) - 1;
}

static void kick_many(unsigned int nr, unsigned int flags)
{
	bool called;

	for (int i = 0; xp_scenario.request && i < xp_scenario.vcpus; i++)
		if (targets() >> i & 1)
			book_announced(i, nr);
	book_call();
	called = kick_mask(this_vm(), nr | flags | (xp_scenario.request ? 0 : KVM_REQUEST_NO_ACTION),
			   xp_scenario.targets ? &xp_scenario.targets : NULL, xp_scenario.vcpus);
	book_return();
	if (called != (xp_books()->sent != 0))
		xp_found(KICK_V_CONTRACT);
	for (int i = 0; xp_scenario.request && i < xp_scenario.vcpus; i++)
		if (targets() >> i & 1)
			book_made(i, nr);
}

static void setup(void)
{
	int i;

	for (i = 0; i < xp_scenario.vcpus; i++) {
		kick_vcpu_init(&world.vcpu[i]);
		xp_set_cpu(xp_first_cpu(&xp_scenario, i));
		kick_vcpu_load(&world.vcpu[i], xp_cpu());
		world.on[i] = xp_cpu();
		world.busy[xp_cpu()] = 1;
	}
	WRITE_ONCE(world.spte, 1);
	WRITE_ONCE(world.page, 1);
}

/* By the thread that is in guest mode: there is a stint, and it goes on. */
static XP_NOT_SHOWN bool self_outcome_is_true(enum kick_outcome outcome)
{
	if (outcome == KICK_SENT)
		return xp_books()->sent;
	return !xp_books()->sent && (outcome == KICK_SELF || outcome == KICK_CLAIMED);
}

/* From the fast path's handler, in guest mode: the loop must notice, and no IPI is to be sent. */
static void self_kick(struct kick_vcpu *vcpu)
{
	xp_book_nothing_sent();
	if (!self_outcome_is_true(kick_send(vcpu, 0)))
		xp_found(KICK_V_CONTRACT);
	leaves(true);
	if (kick_guest_recheck(vcpu))
		xp_found(KICK_V_SELF);
	leaves(true);
}

/* As this thread sees it, which loads what a judge peeks at. */
static struct kick_view seen(struct kick_vcpu *vcpu)
{
	struct kick_view view;

	xp_peek(true);
	kick_view(vcpu, &view);
	xp_peek(false);
	return view;
}

/* Nobody claims a vCPU that is out of guest mode. */
static void look_outside(struct kick_vcpu *vcpu)
{
	if (xp_scenario.looks && seen(vcpu).claimed)
		xp_found(KICK_V_MODE);
}

/* A claim stays until the stint ends. */
static XP_NOT_SHOWN void look_inside(struct kick_vcpu *vcpu, int i)
{
	bool claimed = xp_scenario.looks && seen(vcpu).claimed;

	if (world.claimed[i] && !claimed)
		xp_found(KICK_V_MODE);
	world.claimed[i] = claimed;
}

static XP_NOT_SHOWN void look_away(int i)
{
	world.claimed[i] = false;
}

enum stint { STINT_ENDS, STINT_SELF, STINT_STAYS };

/*
 * Between two calls a vCPU's thread knows how far it is; all else lies in the world.  A stint's number
 * makes a difference where somebody looks at the record.
 */
static void forget(int migrations, int exits, int number, int calls)
{
	uint64_t stints = xp_scenario.records ? number : 0;

	xp_forget(1 + migrations, ((uint64_t)exits << 8) + (stints << 16) + ((uint64_t)calls << 32));
}

/* One attempt to enter the guest.  A stint that ends by itself may be as short as it likes. */
static bool stint(struct kick_vcpu *vcpu, int i, int number, enum stint how, int migrations, int exits)
{
	forget(migrations, exits, number, 3 * how);
	look_outside(vcpu);
	take(vcpu, i);
	forget(migrations, exits, number, 3 * how + 1);
	if (!kick_guest_enter(vcpu)) {
		leaves(false);
		return false;
	}
	leaves(true);
	xp_record(i, number);
	forget(migrations, exits, number, 3 * how + 2);
	look_inside(vcpu, i);
	if (how == STINT_SELF)
		self_kick(vcpu);
	if (how == STINT_STAYS)
		xp_guest_wait(i);
	look_inside(vcpu, i);
	look_away(i);
	xp_record(i, 0);
	kick_guest_exit(vcpu);
	leaves(false);
	return true;
}

/* The scheduler's side: off one pCPU, on another one as soon as it is free. */
static XP_NOT_SHOWN void change_cpu(int to)
{
	static const struct xp_site leaves = { "leaves its pCPU", "", 0 };

	if (xp_scenario.shared) {
		xp_unlock(&world.busy[xp_cpu()], &leaves);
		xp_lock(&world.busy[to], &xp_site_turn);
	}
	xp_set_cpu(to);
	world.on[xp_self()] = to;
}

/* Only its order with kicks is left free. */
static void set_offline(int cpu, bool offline)
{
	/* Stopping the machine for it is a full barrier; it pairs with the kicks' own before cpu_online(). */
	smp_store_mb(world.offline[cpu], offline);
	xp_set_offline(cpu, offline);
}

static void migrate(struct kick_vcpu *vcpu, int i)
{
	int from = xp_cpu(), base = xp_first_cpu(&xp_scenario, xp_scenario.shared ? 0 : i);
	int to = base + (from - base + 1) % xp_scenario.pcpus;

	kick_vcpu_put(vcpu);
	leaves(false);
	if (xp_scenario.offline)
		set_offline(from, true);
	if (xp_scenario.offline && kick_peek(world.offline[to]))
		set_offline(to, false);
	change_cpu(to);
	kick_vcpu_load(vcpu, to);
	leaves(false);
}

/* How many stints end by themselves before the next migration. */
static int natural_exits(void)
{
	if (xp_scenario.form == XP_CORE)
		return xp_scenario.core_exits;
	if (!xp_scenario.exits)
		return 0;
	return xp_choose(xp_scenario.exits + 1, XP_SITE("(exits by itself, then migrates)"));
}

/* A walker that finds a bug makes a waiting request of everybody, itself included: kvm_vm_bugged(). */
static void walk(struct kick_vcpu *vcpu, int i)
{
	bool present;

	kick_walk_begin(vcpu);
	present = READ_ONCE(world.spte);
	if (!i && xp_choose(2, XP_SITE("the walker finds a bug"))) {
		for (int k = 0; k < xp_scenario.vcpus; k++)
			book_announced(k, BUG);
		kick_mask(this_vm(), BUG | KVM_REQUEST_WAIT, NULL, 0);
		for (int k = 0; k < xp_scenario.vcpus; k++)
			book_made(k, BUG);
	}
	if (present && !READ_ONCE(world.page))
		xp_found(KICK_V_WAIT);
	kick_walk_end(vcpu);
	leaves(false);
}

/* What a vCPU's thread asks for while it is in the host; nobody claims it there, itself included. */
static void kick_from_host(int i)
{
	static const unsigned int number[] = { 8, 9 };

	if (i < 2)
		kick_one(0, number[i], 0);
	if (!i && kick_decl.features & KICK_F_CLAIM && seen(&world.vcpu[i]).claimed)
		xp_found(KICK_V_MODE);
}

/* One that waits now has halted, and sleeps until there is work. */
static XP_NOT_SHOWN void book_entering(bool on)
{
	xp_books()->entering = on;
}

/* Each sleep ends by a request. */
static void sleep_first(struct kick_vcpu *vcpu, int i)
{
	for (int n = 0; n < xp_scenario.sleeps; n++) {
		if (n)
			take(vcpu, i);
		book_entering(true);
		kick_block(vcpu);
		book_entering(false);
		leaves(false);
	}
}

static XP_NOT_SHOWN void choose_put(int i)
{
	bool clears = xp_scenario.put == XP_CLEARS;

	if (xp_scenario.put == XP_EITHER)
		clears = xp_choose(2, XP_SITE("(vcpu->cpu is -1 after put)"));
	world.put_clears[i] = clears;
}

/* It takes, again and again, on one pCPU after the other. */
static void take_only(struct kick_vcpu *vcpu, int i)
{
	for (int m = 0; m <= xp_scenario.migrations; m++) {
		for (int n = 0; n <= xp_scenario.exits; n++) {
			forget(m, n, 0, 0);
			take(vcpu, i);
		}
		if (m < xp_scenario.migrations)
			migrate(vcpu, i);
	}
}

static void run_vcpu(int i)
{
	struct kick_vcpu *vcpu = &world.vcpu[i];
	int n, m, number = 0;

	choose_put(i);
	sleep_first(vcpu, i);
	if (xp_scenario.data) {
		take_only(vcpu, i);
		return;
	}
	if (xp_scenario.own_thread)
		kick_from_host(i);
	if (xp_scenario.walk)
		walk(vcpu, i);
	if (xp_scenario.self)
		number += stint(vcpu, i, number + 1, STINT_SELF, 0, 0);
	for (m = 0; m < (!i || xp_scenario.shared ? xp_scenario.migrations : 0); m++) {
		for (n = natural_exits(); n > 0; n--)
			number += stint(vcpu, i, number + 1, STINT_ENDS, m, n);
		forget(m, 0, number, 0);
		migrate(vcpu, i);
	}
	if (xp_scenario.form == XP_CORE) {
		stint(vcpu, i, number + 1, STINT_STAYS, m, 0);
		return;
	}
	for (;;)
		number += stint(vcpu, i, number + 1, STINT_STAYS, m, 0);
}

static unsigned int request_of(int self, int k)
{
	return xp_scenario.same ? 0 : (self - xp_scenario.vcpus) * xp_scenario.kicks + k;
}

static bool by_mask(int self)
{
	if (xp_scenario.masks)
		return self - xp_scenario.vcpus < xp_scenario.masks;
	return xp_scenario.wait && !(kick_decl.features & KICK_F_KICK_WAIT);
}

static bool waits(int self)
{
	return xp_scenario.wait && (by_mask(self) || !xp_scenario.masks);
}

static void kick(int self, int k)
{
	unsigned int nr = request_of(self, k);
	unsigned int flags = (waits(self) ? KVM_REQUEST_WAIT : 0) |
			     (xp_scenario.no_wakeup ? KVM_REQUEST_NO_WAKEUP : 0);
	int i = xp_scenario.each ? self - xp_scenario.vcpus : 0;
	bool mask = by_mask(self);

	if (xp_scenario.numbers)
		nr = xp_choose(32, XP_SITE("(the request's number)"));
	if (xp_scenario.numbers || xp_scenario.data)
		mask = kick_decl.features & KICK_F_MASK && xp_choose(2, XP_SITE("(by a mask)"));
	if (xp_scenario.data)
		WRITE_ONCE(world.data, 1);
	if (mask)
		kick_many(nr, flags);
	else if (i < xp_scenario.vcpus)
		kick_one(i, nr, flags);
}

/* The stints that are on when a kick begins, of those vCPUs that it is for. */
static XP_NOT_SHOWN void look_before(int self, unsigned long targets)
{
	int i;

	for (i = 0; i < xp_scenario.vcpus; i++)
		xp_stint_at_kick[self][i] = targets >> i & 1 ? xp_look(i) : 0;
}

/* A waiting kick has returned: does one of them go on? */
static XP_NOT_SHOWN void look_after(int self)
{
	int i;

	for (i = 0; i < xp_scenario.vcpus; i++) {
		int before = xp_stint_at_kick[self][i];

		if (before && xp_look(i) == before)
			xp_found(KICK_V_WAIT);
	}
}

/*
 * One claim is won in a stint, so one IPI is sent: none by another kick that was in it all the time.  Nor was
 * the vCPU outside for such a kick; where stores are seen late, that may be what a sound one found.
 */
static XP_NOT_SHOWN void look_at_stint(int self, int i)
{
	int stint = xp_stint_at_kick[self][i];
	unsigned long *stints = &world.sent_in[self][i];
	bool outside = xp_books()->outcome == KICK_OUTSIDE && xp_at_once();

	if (!stint || !(xp_books()->sent || outside) || xp_look(i) != stint)
		return;
	if (outside)
		xp_found(KICK_V_CONTRACT);
	if (!xp_books()->sent)
		return;
	if (*stints >> stint & 1 || xp_books()->sent > 1)
		xp_found(KICK_V_COALESCE);
	*stints |= 1UL << stint;
}

/* A mask of one vCPU may call a claimed stint again, as KVM's once did; but not twice itself. */
static XP_NOT_SHOWN void look_at_mask(int self)
{
	int stint = xp_stint_at_kick[self][0];

	if (stint && xp_scenario.vcpus == 1 && xp_books()->sent > 1 && xp_look(0) == stint)
		xp_found(KICK_V_COALESCE);
}

/*
 * What judges are told of a stint that was on before the kick, and still is when they have looked: the
 * claim that this kick has won, its request, which nobody takes in guest mode, and the pCPU, if it keeps
 * one.  As in look_at_stint(), where stores are seen late a sound one may have met the stint before.
 */
static XP_NOT_SHOWN void look_at_view(int self, int i, unsigned int nr)
{
	int stint = xp_stint_at_kick[self][i];
	bool claims = kick_decl.features & KICK_F_CLAIM && xp_books()->outcome == KICK_SENT;
	struct kick_view view;

	if (!stint || !xp_at_once())
		return;
	view = seen(&world.vcpu[i]);
	if (xp_look(i) != stint)
		return;
	if ((claims && !view.claimed) || !(view.requests >> nr & 1) ||
	    (view.cpu != -1 && view.cpu != world.on[i]))
		xp_found(KICK_V_CONTRACT);
}

static void run_kicker(int self)
{
	unsigned long watched = by_mask(self) ? targets() : 1; /* the vCPUs that this one looks at */
	int k;

	if (!(xp_scenario.records || xp_scenario.views) || (xp_scenario.wait && !waits(self)))
		watched = 0;

	for (k = 0; k < xp_scenario.kicks; k++) {
		xp_forget(1 + k, 0);
		look_before(self, watched);
		if (xp_scenario.walk)
			WRITE_ONCE(world.spte, 0);
		kick(self, k);
		if (waits(self))
			look_after(self);
		else if (xp_scenario.looks && by_mask(self))
			look_at_mask(self);
		else if (xp_scenario.looks)
			look_at_stint(self, 0);
		else if (xp_scenario.views)
			look_at_view(self, 0, request_of(self, k));
		if (xp_scenario.walk)
			WRITE_ONCE(world.page, 0);
		if (xp_scenario.immediate)
			xp_returned(request_of(self, k));
	}
}

#ifdef KICK_VMM
#include "explore/world/vmm_tmpl.h"
#endif

static void run(int self)
{
#ifdef KICK_VMM
	if (self < xp_scenario.vcpus)
		run_thread(self);
	else
		run_other(self);
	(void)run_vcpu, (void)run_kicker; /* a kernel's */
#else
	if (self < xp_scenario.vcpus)
		run_vcpu(self);
	else
		run_kicker(self);
#endif
}

/* Of calls: requests that ended another one than they were for, and those whose call is over. */
static XP_NOT_SHOWN void calls_of(struct xp_requests *r)
{
#ifdef KICK_VMM
	for (int nr = 0; xp_scenario.play == XP_CALLS && nr < NUMBERS; nr++) {
		if (world.taken_in[nr] > world.returned_in[nr] && world.returned_in[nr])
			r->stale |= 1UL << nr;
		if (world.kicked_in[nr] < world.call)
			r->over |= 1UL << nr;
	}
#else
	(void)r;
#endif
}

static void view(int vcpu, struct kick_view *v)
{
	kick_view(&world.vcpu[vcpu], v);
}

static XP_NOT_SHOWN void requests(int vcpu, struct xp_requests *r)
{
	unsigned long stints = 0, left;

	*r = (struct xp_requests){ .taken = world.served[vcpu], .claimed = world.claimed[vcpu],
				   .enters = world.books[vcpu].entering };
	for (left = (uint32_t)r->taken; left; left &= left - 1)
		r->overtaken |= world.taken[vcpu][__builtin_ctzl(left)] >
				world.announced[vcpu][__builtin_ctzl(left)];
	for (int i = 0; i < xp_scenario.vcpus + xp_scenario.kickers; i++) {
		r->twice |= stints & world.sent_in[i][vcpu];
		stints |= world.sent_in[i][vcpu];
		r->by[i] = world.made[i][vcpu];
		r->made |= r->by[i];
		r->kicking |= (unsigned int)world.books[i].kicking << i;
	}
	calls_of(r);
}

#define NAME_(a, b) a##b
#define NAME(a, b) NAME_(a, b)
#define STRING_(a) #a
#define STRING(a) STRING_(a)
#define PART(name, n) { "kick_" #name, offsetof(__typeof__(world), name), sizeof(struct kick_##name), n }
extern const struct xp_backend NAME(xp_backend_, KICK_BACKEND);
const struct xp_backend NAME(xp_backend_, KICK_BACKEND) = {
	.name = STRING(KICK_BACKEND),
	.decl = &kick_decl,
	.world = &world,
	.size = sizeof(world),
	.plain = offsetof(__typeof__(world), spte),
	.own_at = offsetof(__typeof__(world), books),
	.own_size = sizeof(struct xp_books),
	.part = { PART(vcpu, VCPUS), PART(vm, 1), PART(pcpu, PCPUS), PART(kicker, VCPUS + KICKERS) },
	.masks = xp_masks,
	.masks_size = sizeof(xp_masks),
	.setup = setup,
	.run = run,
	.view = view,
	.requests = requests,
};
