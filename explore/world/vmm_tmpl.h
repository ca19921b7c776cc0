/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a VMM's threads do, in the middle of explore_tmpl.c: vCPUs round the loop of kick_vmm.h; a controller
 * that stops and resumes them all; or one call after another, where a kick is for one of them.
 */

/* Records of the machine behind that of stints (of one vCPU): which call begins, and which has begun. */
enum { CALL_BEGINS = 1, CALL_BEGUN, CALLS = 2 };

/*
 * The backend's functions, each in a frame of its own: what one has spilled there and needs no more is no
 * part of where the thread stands once it has returned (leaves()).
 */
#define APART __attribute__((noinline)) static
APART bool enter(struct kick_vcpu *vcpu)
{
	return kick_guest_enter(vcpu);
}

APART void end_run(struct kick_vcpu *vcpu)
{
	kick_guest_exit(vcpu);
}

APART void work(struct kick_vcpu *vcpu)
{
	kick_exit_work(vcpu);
}

APART void park_if(struct kick_vcpu *vcpu)
{
	kick_park(vcpu);
}

APART unsigned long taken(struct kick_vcpu *vcpu)
{
	return kick_take(vcpu);
}

APART void stop_all(void)
{
	kick_stop_all(this_vm());
}

APART void resume_all(void)
{
	kick_resume_all(this_vm());
}

/* KVM_RUN returns by itself; true: the call was over then. */
static bool run_once(struct kick_vcpu *vcpu, int i, int number, bool by_itself)
{
	bool entered;

	book_entering(true);
	entered = enter(vcpu);
	book_entering(false);
	leaves(entered);
	if (!entered)
		return false;
	xp_record(i, number);
	if (!by_itself)
		xp_guest_wait(i);
	xp_record(i, 0);
	end_run(vcpu);
	leaves(false);
	if (by_itself && kick_decl.features & KICK_F_EXIT_WORK)
		work(vcpu);
	leaves(false);
	return by_itself;
}

/* Who stops takes its place at the head of the loop. */
static void park(struct kick_vcpu *vcpu)
{
	if (kick_decl.features & KICK_F_PAUSE)
		park_if(vcpu);
	leaves(false);
}

/* Who looks asks whether it is in KVM_RUN, and not which time: each is number 1. */
static void run_loop(struct kick_vcpu *vcpu, int i)
{
	int returns = 0;

	if (xp_scenario.exits)
		returns = xp_choose(xp_scenario.exits + 1, XP_SITE("(KVM_RUN returns by itself)"));
	for (;;) {
		forget(0, returns, 1, 0);
		park(vcpu);
		book_served(i, taken(vcpu));
		returns -= run_once(vcpu, i, 1, returns > 0);
	}
}

/* The next call begins: kicks of before are for the one of before. */
static void begin_call(struct kick_vcpu *vcpu, int call)
{
	xp_record(CALL_BEGINS, call);
	kick_new_call(vcpu);
	xp_record(CALL_BEGUN, call);
	world.call = call;
}

/* Each call ends by itself, as soon as it likes, or by a kick that is for it; the last one by a kick. */
static void run_calls(struct kick_vcpu *vcpu, int i)
{
	int call, number = 1;
	unsigned long requests;

	for (call = 1; call <= CALLS; call++) {
		bool returns = call < CALLS && xp_choose(2, XP_SITE("(the call ends by itself)"));

		begin_call(vcpu, call);
		for (;; number++) {
			park(vcpu);
			requests = taken(vcpu);
			book_served(i, requests);
			for (int nr = 0; nr < NUMBERS; nr++)
				if (requests >> nr & 1)
					world.taken_in[nr] = call;
			if (requests || run_once(vcpu, i, number, returns))
				break;
		}
	}
	/* Between calls it goes on taking signals, for those who send until one is taken. */
	for (;;) {
		xp_idle();
		xp_polls();
	}
}

static void run_thread(int i)
{
	struct kick_vcpu *vcpu = &world.vcpu[i];

	if (xp_scenario.play == XP_CALLS)
		run_calls(vcpu, i);
	else
		run_loop(vcpu, i);
}

/* From the return of the one to the other's call no vCPU is in guest mode. */
static void look_stopped(void)
{
	for (int i = 0; i < xp_scenario.vcpus; i++)
		if (xp_look(i))
			xp_found(KICK_V_WAIT);
}

static void run_controller(void)
{
	for (int k = 0; k < xp_scenario.kicks; k++) {
		book_call();
		stop_all();
		leaves(false);
		look_stopped();
		look_stopped();
		resume_all();
		book_return();
	}
}

/* Which calls were on when it began and when it returned: judged at the end. */
static void kick_call_on(int self, int k)
{
	unsigned int nr = request_of(self, k);

	world.kicked_in[nr] = xp_look(CALL_BEGUN);
	kick_one(0, nr, 0);
	world.returned_in[nr] = xp_look(CALL_BEGINS);
}

static void run_other(int self)
{
	if (xp_scenario.play == XP_STOPS) {
		run_controller();
		return;
	}
	for (int k = 0; k < xp_scenario.kicks; k++)
		if (xp_scenario.play == XP_CALLS)
			kick_call_on(self, k);
		else
			kick(self, k);
}
