// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The execution that was recorded last, as lanes: what each fiber did, in the order of memory.  Words
 * that only one fiber touches, and fences that do nothing in this model, are folded away.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "explore/cell/cell.h"
#include "results/lanes.h"

static unsigned int found_at[XP_TRACE]; /* KICK_V_*, by record */
static int last_touch[XP_SLOTS]; /* 1 + fiber; -1: several */
static bool written[XP_SLOTS];

static int fiber_of(const struct xp_record *r)
{
	return xp_owner(r->agent);
}

static void find_shared(void)
{
	int i;

	memset(last_touch, 0, sizeof(last_touch));
	memset(written, 0, sizeof(written));
	for (i = 0; i < xp.n_records; i++) {
		struct xp_record *r = &xp.record[i];
		int slot = r->op.slot, fiber = 1 + fiber_of(r);

		if (slot < 0)
			continue;
		if (last_touch[slot] && last_touch[slot] != fiber)
			last_touch[slot] = -1;
		else if (!last_touch[slot])
			last_touch[slot] = fiber;
		written[slot] |= r->op.kind != XP_LOAD && r->op.kind != XP_LOOK;
	}
}

/* Of a wait, only that a thread sleeps and is woken. */
static bool inside_a_wait(const struct xp_record *r)
{
	return (r->op.kind == XP_LOCK || r->op.kind == XP_UNLOCK || r->op.kind == XP_FENCE) &&
	       (!strncmp(r->op.site->say, "kick_wait", 9) || !strncmp(r->op.site->say, "kick_post", 9));
}

/* Of calls (vmm_tmpl.h), and not of a stint. */
static bool of_call(const struct xp_record *r)
{
	return r->op.kind == XP_RECORD && r->op.cpu >= xp_scenario.vcpus;
}

static bool folded(const struct xp_record *r)
{
	int slot = r->op.slot;

	if (found_at[r - xp.record])
		return false;
	if (inside_a_wait(r))
		return true;
	switch (r->op.kind) {
	case XP_FENCE: /* one that is left out by --weaken is shown */
		return !r->op.n && !r->op.a;
	case XP_RECORD: /* a call's second one is where it has begun */
		return !r->value || r->op.cpu > xp_scenario.vcpus;
	case XP_CHOICE: /* what a thread is going to do shows in what it does */
		return !r->value || r->op.site->say[0] == '(';
	case XP_LOOK: /* the machine's own */
		return true;
	case XP_GUEST_WAIT:
	case XP_IPI:
	case XP_CALL:
	case XP_SIGNAL:
	case XP_POLL:
	case XP_TAKEN:
	case XP_NAP:
	case XP_WAKE:
	case XP_TRYLOCK:
	case XP_AWAIT:
	case XP_STEP:
		return false;
	default:
		return slot >= 0 && (last_touch[slot] > 0 || !written[slot]);
	}
}

/* Each violation where it came to be: at that step, or what is shown of it. */
static void find_turns(unsigned int found)
{
	int bit, i;

	memset(found_at, 0, sizeof(found_at));
	for (bit = 0; bit < XP_VIOLATION_BITS; bit++) {
		struct xp_turn turn = xp_turn_of(bit);

		if (!(found >> bit & 1) || turn.to < 0)
			continue;
		for (i = turn.to; i > turn.from && folded(&xp.record[i]); i--)
			;
		found_at[folded(&xp.record[i]) ? turn.to : i] |= 1u << bit;
	}
}

/* "vcpu->task.state" out of "WRITE_ONCE(vcpu->task.state, 1)": the last name of the first word. */
void xp_lane_word(const char *say, char *name, size_t size)
{
	const char *p = strstr(say, "->");
	size_t n = 0;

	if (!p)
		p = strchr(say, '.');
	if (!p) {
		snprintf(name, size, "%.20s", say);
		return;
	}
	p += *p == '-' ? 2 : 1;
	while (n + 1 < size && (isalnum((unsigned char)*p) || *p == '_' || *p == '.' ||
				(p[0] == '-' && p[1] == '>')))
		name[n++] = *p++;
	name[n] = 0;
	if (strrchr(name, '.'))
		memmove(name, strrchr(name, '.') + 1, strlen(strrchr(name, '.')));
}

/* A cmpxchg that fails orders nothing, but for that of C11. */
static const char *order_name(const struct xp_record *r)
{
	static const char *const names[] = { "plain", "", "acquire", "release", "acq_rel", "seq_cst",
					     "full" };

	if (r->op.kind == XP_CMPXCHG && r->value != r->op.a && r->op.order != KICK_SEQ_CST)
		return "relaxed";
	return r->op.order < sizeof(names) / sizeof(names[0]) ? names[r->op.order] : "";
}

static void say_value(uint64_t value, char *text, size_t size)
{
	if (xp_stable(value) != value)
		snprintf(text, size, "vcpu+%u", (unsigned int)(xp_stable(value) & 0xffff));
	else if (value == (uint32_t)-1 || value == (uint64_t)-1)
		snprintf(text, size, "-1");
	else
		snprintf(text, size, value > 9 ? "0x%llx" : "%llu", (unsigned long long)value);
}

/* The values of vcpu->mode have names. */
static void say_word_value(const char *word, uint64_t value, char *text, size_t size)
{
	static const char *const mode[] = { "OUTSIDE", "IN_GUEST", "EXITING", "READING" };

	if (!strcmp(word, "mode") && value < 4)
		snprintf(text, size, "%s", mode[value]);
	else
		say_value(value, text, size);
}

static void say_value_change(const struct xp_record *r, char *text, size_t size)
{
	char word[32], a[24], b[24], v[24];
	const struct xp_op *op = &r->op;

	xp_lane_word(op->site->say, word, sizeof(word));
	say_word_value(word, op->a, a, sizeof(a));
	say_word_value(word, op->b, b, sizeof(b));
	say_word_value(word, r->value, v, sizeof(v));
	switch (op->kind) {
	case XP_LOAD:
		snprintf(text, size, "%s%s is %s",
			 strncmp(op->site->say, XP_PEEK, strlen(XP_PEEK)) ? "" : "judge: ", word, v);
		break;
	case XP_STORE:
		snprintf(text, size, "%s = %s%s", word, a, xp.model->buffered ? " (buffer)" : "");
		break;
	case XP_DRAIN:
		snprintf(text, size, "%s = %s in memory now", word, a);
		break;
	case XP_CMPXCHG:
		snprintf(text, size, r->value == op->a ? "%s: %s -> %s" : "%s not changed: is %s",
			 word, r->value == op->a ? a : v, b);
		break;
	case XP_XCHG:
		snprintf(text, size, "%s = %s, was %s", word, a, v);
		break;
	case XP_FETCH_ADD:
	case XP_ADD:
		snprintf(text, size, "%s += %s", word, a);
		break;
	case XP_OR:
	case XP_FETCH_OR:
		snprintf(text, size, "%s |= %s", word, a);
		break;
	default:
		say_value(~op->a, a, sizeof(a));
		snprintf(text, size, "%s &= ~%s", word, a);
	}
}

/* Under rc11 a load may read what is not the newest, and a store may be placed behind it. */
static void say_memory(const struct xp_record *r, char *text, size_t size)
{
	size_t n;

	say_value_change(r, text, size);
	n = strlen(text);
	if (xp.model->graph && r->op.n)
		snprintf(text + n, size - n, " (%d newer)", r->op.n);
}

static int vmm(void)
{
	return xp_scenario.play != XP_KERNEL;
}

static void name_thread(int fiber, char *text, size_t size)
{
	int kicker = fiber - xp_scenario.vcpus;

	if (kicker >= 0)
		snprintf(text, size, "%c", 'a' + kicker);
	else
		snprintf(text, size, xp_scenario.vcpus > 1 ? "vCPU %d" : "vCPU", fiber);
}

/* Whose place this is. */
static int thread_at(int cpu)
{
	int i = 0;

	while (i < xp.n_fibers - 1 && xp.program->cpu[i] != cpu)
		i++;
	return i;
}

/* Signals, and waits of threads. */
static void say_thread(const struct xp_record *r, char *text, size_t size)
{
	char other[24];

	name_thread(thread_at(r->op.cpu), other, sizeof(other));
	switch (r->op.kind) {
	case XP_SIGNAL:
		snprintf(text, size, "signal -> %s", other);
		break;
	case XP_POLL:
		snprintf(text, size, r->op.n ? "a signal pends: -EINTR" : "takes the signal");
		break;
	case XP_TAKEN:
		snprintf(text, size, "%s has taken the signal", other);
		break;
	case XP_NAP:
		snprintf(text, size, r->value ? "is woken" : "is woken by the signal");
		break;
	case XP_WAKE:
		snprintf(text, size, "wakes %s", other);
		break;
	default:
		snprintf(text, size, r->value ? "takes the lock" : "finds the lock taken");
	}
}

/* A lock, or the look at who sleeps on a word. */
static const char *say_lock(const struct xp_record *r)
{
	const struct xp_record *next = r + 1;

	if (!inside_a_wait(r))
		return !r->op.site->line ? r->op.site->say :
		       r->op.kind == XP_LOCK ? "takes the lock" : "releases the lock";
	while (next < xp.record + xp.n_records && next->agent != r->agent)
		next++;
	if (r->op.kind == XP_UNLOCK && !strncmp(r->op.site->say, "kick_wait", 9) &&
	    (next == xp.record + xp.n_records || next->op.kind == XP_NAP))
		return "goes to sleep";
	return r->op.kind == XP_LOCK ? "begins to look who sleeps" : "has looked who sleeps";
}

static void say(const struct xp_record *r, char *text, size_t size)
{
	switch (r->op.kind) {
	case XP_FENCE:
		snprintf(text, size, "%s%s", r->op.site->say, r->op.a ? ": left out" : "");
		break;
	case XP_LOCK:
	case XP_UNLOCK:
		snprintf(text, size, "%s", say_lock(r));
		break;
	case XP_SLEEP:
		snprintf(text, size, "wakes up");
		break;
	case XP_IRQ_OFF:
	case XP_IRQ_ON:
		snprintf(text, size, r->op.kind == XP_IRQ_OFF ? "interrupts off" : "interrupts on");
		break;
	case XP_IPI:
	case XP_CALL:
		snprintf(text, size, "%s -> pCPU %d", r->op.kind == XP_IPI ? "IPI" : "call", r->op.cpu);
		break;
	case XP_ACK:
		snprintf(text, size, "pCPU %d has acknowledged", r->op.cpu);
		break;
	case XP_GUEST_WAIT:
		snprintf(text, size, vmm() ? "a signal: leaves KVM_RUN" : "IPI: leaves the guest");
		break;
	case XP_SIGNAL:
	case XP_POLL:
	case XP_TAKEN:
	case XP_NAP:
	case XP_WAKE:
	case XP_TRYLOCK:
		say_thread(r, text, size);
		break;
	case XP_AWAIT:
		snprintf(text, size, "reads again: it is %llu", (unsigned long long)r->value);
		break;
	case XP_RECORD:
	case XP_STEP:
		if (of_call(r))
			snprintf(text, size, "call %llu begins", (unsigned long long)r->value);
		else
			snprintf(text, size, "%s", r->op.site->say);
		break;
	case XP_LOOK:
		snprintf(text, size, found_at[r - xp.record] & KICK_V_WAIT ?
			 "returns, the vCPU is still in the guest" : r->value ?
			 "looks: the vCPU is in the guest, #%llu" : "looks: the vCPU is outside",
			 (unsigned long long)r->value);
		break;
	case XP_CHOICE:
		snprintf(text, size, r->op.n == 2 && r->value ? "%s" : "%s: %llu", r->op.site->say,
			 (unsigned long long)r->value);
		break;
	default:
		say_memory(r, text, size);
	}
}

/* The part of the path that a reader needs: nothing of what drives the backend. */
static const char *place(const struct xp_site *site)
{
	const char *impl = strstr(site->file, "impl/");

	if (!site->line || strstr(site->file, "explore/world/"))
		return "";
	return impl ? impl : strrchr(site->file, '/') ? strrchr(site->file, '/') + 1 : site->file;
}

/* Lanes from left to right: the kickers, then the vCPUs. */
static int column(int fiber)
{
	return fiber < xp_scenario.vcpus ? xp_scenario.kickers + fiber : fiber - xp_scenario.vcpus;
}

static void name_lanes(struct lanes *lanes)
{
	int i, vcpus = xp_scenario.vcpus;

	lanes->n_lanes = xp.n_fibers;
	for (i = 0; i < xp.n_fibers; i++) {
		struct lanes_lane *l = &lanes->lane[column(i)];

		l->vcpu = i < vcpus;
		l->cpu = vmm() && l->vcpu ? -1 : xp.program->cpu[i]; /* a thread goes where it likes */
		if (l->vcpu)
			snprintf(l->name, sizeof(l->name), vcpus > 1 ? "%c: vCPU %d" : "%c: vCPU",
				 'v' + i, i);
		else if (vmm())
			snprintf(l->name, sizeof(l->name), "%c: %s", 'a' + i - vcpus,
				 xp_scenario.play == XP_STOPS ? "controller" : "kicker");
		else
			snprintf(l->name, sizeof(l->name), "%c: kicker on pCPU %d", 'a' + i - vcpus,
				 l->cpu);
	}
}

/* An IPI is for the vCPU that is on that pCPU, or for the first one, which was meant. */
static void say_ipi(const struct xp_record *r, const int vcpu_cpu[XP_VCPUS], struct lanes_step *step)
{
	static const char *const text[] = {
		[XP_ENDS_STINT] = "forces an exit", [XP_PENDING] = "stays pending",
		[XP_TWICE] = "merged", [XP_SPURIOUS] = "noise: outside", [XP_STALE] = "noise: vCPU not there",
		[XP_OFFLINE] = "dropped: offline",
	};
	int i, vcpu = 0;

	if (r->value < sizeof(text) / sizeof(text[0]))
		snprintf(step->effect, sizeof(step->effect), "%s", text[r->value]);
	for (i = xp_scenario.vcpus - 1; i >= 0; i--)
		if (vcpu_cpu[i] == r->op.cpu)
			vcpu = i;
	step->mark = r->value == XP_ENDS_STINT ? LANES_HITS : LANES_MISSES;
	step->to = column(vcpu);
}

/* What came to be at this step; of the worst, the last line says what it is. */
static void say_found(unsigned int found, unsigned int worst, char *text, size_t size)
{
	size_t at = 0;
	int i;

	for (i = 0; i < KICK_N_PROPERTIES && at < size; i++) {
		const struct kick_property *p = &kick_properties[i];

		if (found & p->bit)
			at += snprintf(text + at, size - at, "%s%s%s%s", at ? "; " : "", p->verdict,
				       p->bit == worst ? "" : ": ", p->bit == worst ? "" : p->means);
	}
}

static int add_step(struct lanes *lanes, const struct xp_record *r, const int vcpu_cpu[XP_VCPUS],
		    unsigned int worst)
{
	struct lanes_step *step = lanes_add(lanes);
	unsigned int found = found_at[r - xp.record];

	if (!step)
		return -ENOMEM;
	step->lane = column(fiber_of(r));
	step->cpu = vmm() ? -1 : r->cpu;
	say(r, step->does, sizeof(step->does));
	snprintf(step->source, sizeof(step->source), "%s", r->op.site->say);
	if (*place(r->op.site))
		snprintf(step->where, sizeof(step->where), "%s:%d", place(r->op.site), r->op.site->line);
	if (r->op.kind <= XP_LAST_ON_WORD)
		snprintf(step->order, sizeof(step->order), "%s", order_name(r));
	else if (r->op.kind == XP_IPI || r->op.kind == XP_CALL)
		say_ipi(r, vcpu_cpu, step);
	else if (r->op.kind == XP_SIGNAL)
		step->mark = LANES_MISSES, step->to = column(thread_at(r->op.cpu));
	else if ((r->op.kind == XP_RECORD && !of_call(r)) || r->op.kind == XP_GUEST_WAIT)
		step->mark = r->op.kind == XP_RECORD && r->value ? LANES_ENTERS : LANES_LEAVES;
	if (found && !step->mark)
		step->mark = LANES_FOUND;
	say_found(found, worst, step->found, sizeof(step->found));
	return 0;
}

/* Where a vCPU stands at the end. */
static int say_vcpu(const struct xp_cell *cell, int i, char *text, size_t size)
{
	const struct xp_fiber *f = &xp.fiber[i];
	struct kick_view view;

	cell->backend->view(i, &view);
	if (vmm())
		return snprintf(text, size, "%srequests 0x%lx%s", i ? "; " : "", view.requests,
				!f->done && f->op->kind == XP_GUEST_WAIT ? ", in guest mode" : "");
	return snprintf(text, size, "%srequests 0x%lx, claimed %d, vCPU on pCPU %d%s", i ? "; " : "",
			view.requests, view.claimed, f->cpu,
			!f->done && f->op->kind == XP_GUEST_WAIT ? ", in guest mode" : "");
}

/* "request 1 (0x2) of kicker b and ..." of those numbers; the rest is nobody's. */
static size_t say_requests(const struct xp_requests *r, unsigned long numbers, char *text, size_t size)
{
	size_t at = 0;
	int nr, fiber, kicker;

	for (nr = 0; nr < 64; nr++)
		for (fiber = 0; fiber < xp.n_fibers && at < size; fiber++) {
			kicker = fiber - xp_scenario.vcpus;
			if (numbers & r->by[fiber] & 1ul << nr)
				at += snprintf(text + at, size - at, "%srequest %d (0x%lx) of %s %c",
					       at ? " and " : "", nr, 1ul << nr,
					       kicker < 0 ? "vCPU" : "kicker",
					       kicker < 0 ? '0' + fiber : 'a' + kicker);
		}
	return at;
}

static bool sleeps(const struct xp_fiber *f)
{
	return f->op->kind == XP_SLEEP || f->op->kind == XP_NAP || f->op->kind == XP_AWAIT;
}

/* Whose requests got lost, and how. */
static void say_lost(const struct xp_cell *cell, bool asleep, char *text, size_t size)
{
	size_t at = 0;
	int i;

	for (i = 0; i < xp_scenario.vcpus && at < size; i++) {
		const struct xp_fiber *f = &xp.fiber[i];
		struct xp_requests r = { 0 };
		struct kick_view view;
		char whose[160], vcpu[16];

		snprintf(vcpu, sizeof(vcpu), xp_scenario.vcpus > 1 ? "vCPU %d" : "the vCPU", i);
		cell->backend->view(i, &view);
		cell->backend->requests(i, &r);
		if (!f->done && (asleep ? sleeps(f) : f->op->kind == XP_GUEST_WAIT) &&
		    say_requests(&r, view.requests, whose, sizeof(whose)))
			at += snprintf(text + at, size - at, "%s%s is pending, %s %s", at ? "; " : "",
				       whose, vcpu, asleep ? "sleeps for ever" :
				       vmm() ? "is in guest mode, no signal will come" :
				       "is in guest mode, no IPI will come");
		if (!asleep && at < size &&
		    say_requests(&r, r.made & ~r.taken & ~view.requests, whose, sizeof(whose)))
			at += snprintf(text + at, size - at, "%s%s is neither pending nor taken by %s",
				       at ? "; " : "", whose, vcpu);
	}
}

/* How it ended, for the last line. */
static void say_end(const struct xp_cell *cell, char *text, size_t size)
{
	const struct kick_property *worst = kick_property(xp_worst(cell->example.found));
	char found[160], vcpus[XP_VCPUS * 80], means[400] = "";
	size_t at = 0;
	int i;

	for (i = 0; i < xp_scenario.vcpus && at < sizeof(vcpus); i++)
		at += say_vcpu(cell, i, vcpus + at, sizeof(vcpus) - at);
	if (worst && worst->bit & (KICK_V_LOST | KICK_V_WAKE))
		say_lost(cell, worst->bit == KICK_V_WAKE, means, sizeof(means));
	if (worst && !means[0])
		snprintf(means, sizeof(means), "%s%s", kick_property_means(worst, vmm()),
			 kick_property_judge(worst));
	xp_violations(cell->example.found, found, sizeof(found));
	snprintf(text, size, "%s: %s (%s)", found, means, vcpus);
}

int xp_lanes(const struct xp_cell *cell, bool all, struct lanes *lanes)
{
	int i, vcpu_cpu[XP_VCPUS], failed = 0;
	unsigned int left = 0; /* by fiber */

	*lanes = (struct lanes){ .whole = all };
	name_lanes(lanes);
	find_shared();
	find_turns(cell->example.found);
	for (i = 0; i < xp_scenario.vcpus; i++)
		vcpu_cpu[i] = xp.program->cpu[i];
	for (i = 0; i < xp.n_records && !failed; i++) {
		const struct xp_record *r = &xp.record[i];

		left |= (unsigned int)(r->op.kind == XP_RECORD && !r->value) << fiber_of(r);
		if (fiber_of(r) < xp_scenario.vcpus)
			vcpu_cpu[fiber_of(r)] = r->cpu;
		if (!all && folded(r))
			continue;
		failed = add_step(lanes, r, vcpu_cpu, xp_worst(cell->example.found));
		/* An end of a stint that is folded away shows in what that vCPU does next. */
		if (!failed && left >> fiber_of(r) & 1 && !lanes->step[lanes->n - 1].mark)
			lanes->step[lanes->n - 1].mark = LANES_LEAVES;
		left &= ~(1u << fiber_of(r));
	}
	say_end(cell, lanes->end, sizeof(lanes->end));
	if (failed)
		lanes_fini(lanes);
	return failed;
}
