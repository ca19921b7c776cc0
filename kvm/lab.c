// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Round by round: hold the first kick, move the vCPU, let the kick go, kick again, look.  Or freely: all of
 * this at once, and only the module looks.
 */
#include "kvm/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kvm/mover.h"
#include "kvm/proven_guest.h"
#include "results/error.h"

enum { MS = 1000000, LIMIT_S = 10 };
static const uint64_t limit_ns = UINT64_C(1000000000) * LIMIT_S;

/* The parameters: small files with a number in each */

static int path_of(const char *dir, const char *name, char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s/klab_%s", dir, name) >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/* The text without its line end. */
static int read_text(const char *dir, const char *name, char *text, size_t size)
{
	char path[PATH_MAX], *all;
	size_t length;
	int failed = path_of(dir, name, path);

	if (!failed)
		failed = results_read(path, &all, &length);
	if (failed)
		return failed;
	snprintf(text, size, "%.*s", (int)strcspn(all, "\n"), all);
	free(all);
	return 0;
}

int kvm_lab_parameter_read(const char *dir, const char *name, uint64_t *value)
{
	char text[64], *end;
	int failed = read_text(dir, name, text, sizeof(text));

	if (failed)
		return failed;
	*value = strtoull(text, &end, 10);
	return *end || end == text ? -EBADMSG : 0;
}

int kvm_lab_parameter_write(const char *dir, const char *name, uint64_t value)
{
	char path[PATH_MAX];
	int failed = path_of(dir, name, path), fd = failed ? -1 : open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return failed ? failed : -errno;
	if (dprintf(fd, "%llu\n", (unsigned long long)value) < 0)
		failed = -errno;
	close(fd);
	return failed;
}

int kvm_lab_parameter_variant(const char *dir, char *text, size_t size)
{
	return read_text(dir, "variant", text, size);
}

/* The thread of the first kicks */

/* It may be held in the kernel while its owner goes on; woken for each kick, or each row of kicks. */
struct kvm_held_kicker {
	/* Filled by the owner. */
	struct kvm_kicker kicker;
	const struct kvm_kick *kick;
	/* The thread's. */
	pthread_t thread;
	sem_t ready, go, done;
	int tid;
	uint64_t kicks;
	int error, free, stop; /* atomic: TSan knows nothing of sem_clockwait() */
};

static bool is_set(const int *flag)
{
	/* Pairs with the owner's releases of `free` and `stop`. */
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static int fire(struct kvm_held_kicker *f)
{
	int failed;

	do {
		failed = f->kick->fire(&f->kicker);
		f->kicks += !failed;
	} while (!failed && is_set(&f->free));
	return failed;
}

static void *run_held(void *arg)
{
	struct kvm_held_kicker *f = arg;

	f->tid = (int)syscall(SYS_gettid);
	sem_post(&f->ready);
	for (;;) {
		while (sem_wait(&f->go))
			;
		if (is_set(&f->stop))
			return NULL;
		/* After `kicks` was counted; pairs with held_await(). */
		__atomic_store_n(&f->error, fire(f), __ATOMIC_RELEASE);
		sem_post(&f->done);
	}
}

static int held_start(struct kvm_held_kicker *f)
{
	sem_init(&f->ready, 0, 0);
	sem_init(&f->go, 0, 0);
	sem_init(&f->done, 0, 0);
	if (pthread_create(&f->thread, NULL, run_held, f))
		return -EAGAIN;
	while (sem_wait(&f->ready))
		;
	return 0;
}

/* One kick; freely: one after the other, until held_await(). */
static void held_go(struct kvm_held_kicker *f, bool freely)
{
	__atomic_store_n(&f->free, freely, __ATOMIC_RELEASE); /* pairs with is_set() */
	sem_post(&f->go);
}

/* The error of the last kick, or -ETIMEDOUT: it has not come back in 10 seconds. */
static int held_await(struct kvm_held_kicker *f)
{
	struct timespec until;

	__atomic_store_n(&f->free, 0, __ATOMIC_RELEASE); /* pairs with is_set() */
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LIMIT_S;
	while (sem_clockwait(&f->done, CLOCK_MONOTONIC, &until))
		if (errno != EINTR)
			return -errno;
	return __atomic_load_n(&f->error, __ATOMIC_ACQUIRE); /* pairs with its release in run_held() */
}

/* Nothing holds it any more.  -ETIMEDOUT: it is stuck all the same. */
static int held_stop(struct kvm_held_kicker *f)
{
	struct timespec until;

	__atomic_store_n(&f->free, 0, __ATOMIC_RELEASE); /* pairs with is_set() */
	__atomic_store_n(&f->stop, 1, __ATOMIC_RELEASE); /* pairs with is_set() */
	sem_post(&f->go);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LIMIT_S;
	return -pthread_timedjoin_np(f->thread, NULL, &until);
}

/* The experiment */

struct lab {
	const struct kvm_lab_options *o;
	struct kvm_lab_row *row;
	struct kvm_proven_guest bed;
	struct kvm_held_kicker first;
	struct kvm_kicker second;
	int controller_pu, first_pu; /* -1: anywhere */
	int vcpu_pu[2];
	int at; /* which of the two the vCPU is on */
};

/* Controller, first kicker, and the two places of the vCPU: each a PU of its own if there are four. */
static int choose_pus(struct lab *l, const struct topo *topo)
{
	int n = topo_n_pus(topo);

	if (n < 2)
		return -EOPNOTSUPP;
	l->controller_pu = n < 3 ? -1 : 0;
	l->first_pu = n < 3 ? -1 : n < 4 ? 0 : 1;
	l->vcpu_pu[0] = n - 2;
	l->vcpu_pu[1] = n - 1;
	return 0;
}

static int knob(const struct lab *l, const char *name, uint64_t value)
{
	return kvm_lab_parameter_write(l->o->knobs, name, value);
}

static int set_window(const struct lab *l)
{
	int failed = knob(l, "delay_us", l->o->delay_ns / 1000);

	if (!failed)
		failed = knob(l, "gate", l->o->gate);
	return failed ? failed : knob(l, "delay_pid", (uint64_t)l->first.tid);
}

/* Until the first kicker stands in the window. */
static int await_held(struct lab *l)
{
	uint64_t began = kvm_now_ns(), waiting = 0;
	int failed = 0;

	while (!failed && !waiting && kvm_now_ns() - began < 1000 * (uint64_t)MS)
		failed = kvm_lab_parameter_read(l->o->knobs, "waiting", &waiting);
	l->row->held += waiting != 0;
	return failed;
}

/*
 * Waits for a count to leave `from`; false: it did not while ns went by and the guest ran for at least
 * deaf_ns.  On a machine that is busy with other things a vCPU may stand still for longer than ns.
 */
static bool await_change(const struct lab *l, bool interrupts, int vector, uint64_t from, uint64_t ns)
{
	const volatile struct guest_shared *shared = l->bed.vm.shared;
	uint64_t began = kvm_now_ns(), loops = shared->loops, spent;

	do {
		uint64_t now = interrupts ? shared->interrupts[vector] : kvm_vm_exits(&l->bed.vm);

		spent = kvm_now_ns() - began;
		if (now != from)
			return true;
		if (spent > 200000)
			kvm_sleep_ns(20000);
	} while (spent < ns || (shared->loops - loops < l->bed.oracle.deaf_loops && spent < limit_ns));
	return false;
}

/* The first kick, up to its return, and its own interrupt. */
static int first_kick(struct lab *l)
{
	struct kvm_held_kicker *f = &l->first;
	uint64_t count = l->bed.vm.shared->interrupts[f->kicker.vector];
	int failed = set_window(l), kicked;

	if (failed)
		return failed;
	held_go(f, false);
	if (l->o->gate)
		failed = await_held(l);
	if (!failed && l->o->migrate) {
		l->at = !l->at;
		failed = topo_pin_thread(l->bed.topo, l->bed.vcpu.tid, l->vcpu_pu[l->at]);
	}
	if (!failed && l->o->gate)
		failed = kvm_await_guest(&l->bed.oracle);
	if (knob(l, "gate", 0))
		return -ETIMEDOUT;
	kicked = held_await(f);
	if (!failed)
		failed = kicked;
	if (!failed)
		failed = knob(l, "delay_pid", 0);
	if (!failed && f->kick->interrupts &&
	    !await_change(l, true, f->kicker.vector, count, l->o->wait_ns)) {
		l->row->first_lost++;
		failed = kvm_vcpu_signal(&l->bed.vcpu);
	}
	return failed;
}

/* Until no exit of the first kick's interrupt is under way any more: the second one's is looked for. */
static void settle(const struct lab *l)
{
	for (int i = 0; i < 50; i++) {
		uint64_t exits = kvm_vm_exits(&l->bed.vm);

		kvm_sleep_ns(200000);
		if (kvm_vm_exits(&l->bed.vm) == exits)
			return;
	}
}

static int second_kick(struct lab *l)
{
	const struct kvm_kick *kick = l->o->second;
	int vector = l->second.vector, failed;
	uint64_t from, began;

	if (!kick->interrupts)
		settle(l);
	from = kick->interrupts ? l->bed.vm.shared->interrupts[vector] : kvm_vm_exits(&l->bed.vm);
	began = kvm_now_ns();
	failed = kick->fire(&l->second);
	if (failed)
		return failed;
	if (await_change(l, kick->interrupts, vector, from, l->o->wait_ns)) {
		histogram_record(&l->row->latency, kvm_now_ns() - began);
		return 0;
	}
	l->row->lost++;
	failed = kvm_vcpu_signal(&l->bed.vcpu);
	l->row->rescued += !failed &&
			   await_change(l, kick->interrupts, vector, from, 1000 * (uint64_t)MS);
	return failed;
}

static int run_rounds(struct lab *l)
{
	int failed = 0;

	for (; !failed && l->row->rounds < l->o->rounds; l->row->rounds += !failed) {
		failed = kvm_await_guest(&l->bed.oracle);
		if (!failed)
			failed = first_kick(l);
		if (!failed)
			failed = second_kick(l);
		if (!failed && l->o->stop && l->o->stop())
			failed = -EINTR;
	}
	return failed;
}

/* The controller's share of a free run: the second kicks. */
static int kick_freely(struct lab *l)
{
	uint64_t began = kvm_now_ns();
	int failed = 0;

	while (!failed && kvm_now_ns() - began < l->o->free_ns) {
		failed = l->o->second->fire(&l->second);
		l->row->rounds += !failed;
		if (!failed && l->o->stop && l->o->stop())
			failed = -EINTR;
	}
	return failed;
}

/* Both kickers kick, the vCPU goes to and fro, and nothing is in step. */
static int run_free(struct lab *l)
{
	struct kvm_mover mover = { .topo = l->bed.topo,
				   .vcpu_tid = l->bed.vcpu.tid,
				   .pus = l->vcpu_pu,
				   .n_pus = l->o->migrate ? 2 : 1 };
	int failed = set_window(l), kicked, moved;

	if (!failed)
		failed = kvm_mover_start(&mover);
	if (failed)
		return failed;
	held_go(&l->first, true);
	failed = kick_freely(l);
	kicked = held_await(&l->first);
	moved = kvm_mover_stop(&mover);
	l->row->rounds += l->first.kicks;
	l->row->migrations = l->o->migrate ? mover.moves : 0;
	if (!failed)
		failed = kicked;
	return failed ? failed : moved;
}

/* What the module counted during the rounds. */
static int count_rounds(struct lab *l)
{
	static const char *const name[] = { "poison", "ipis", "swallow" };
	uint64_t *const to[] = { &l->row->poisoned, &l->row->ipis, &l->row->swallowed };
	uint64_t before[3], after = 0;
	int failed = 0;

	for (int i = 0; !failed && i < 3; i++)
		failed = kvm_lab_parameter_read(l->o->knobs, name[i], &before[i]);
	if (!failed)
		failed = l->o->free_ns ? run_free(l) : run_rounds(l);
	for (int i = 0; (!failed || failed == -EINTR) && i < 3; i++) {
		if (kvm_lab_parameter_read(l->o->knobs, name[i], &after))
			return -EBADMSG;
		*to[i] = after - before[i];
	}
	return failed;
}

/* It may still be held, if something went wrong in between.  -ETIMEDOUT: for good. */
static int stop_first(struct lab *l)
{
	knob(l, "gate", 0);
	knob(l, "delay_pid", 0);
	return held_stop(&l->first);
}

static int with_kickers(struct lab *l, char *err, size_t err_size)
{
	const struct topo *topo = l->bed.topo;
	int failed = kvm_kick_prepare(l->o->first, &l->first.kicker, &l->bed.vm, &l->bed.vcpu, 0,
				      err, err_size);

	if (!failed)
		failed = kvm_kick_prepare(l->o->second, &l->second, &l->bed.vm, &l->bed.vcpu, 1,
					  err, err_size);
	if (failed)
		return failed;
	l->first.kick = l->o->first;
	failed = l->controller_pu < 0 ? topo_unpin_self(topo)
				      : topo_pin_self(topo, l->controller_pu);
	if (!failed)
		failed = held_start(&l->first);
	if (!failed) {
		if (l->first_pu >= 0)
			failed = topo_pin_thread(topo, l->first.tid, l->first_pu);
		if (!failed)
			failed = count_rounds(l);
		if (stop_first(l))
			failed = -ETIMEDOUT;
	}
	kvm_kick_finish(l->o->first, &l->first.kicker);
	kvm_kick_finish(l->o->second, &l->second);
	if (failed)
		snprintf(err, err_size, "after %llu rounds: %s%s%s",
			 (unsigned long long)l->row->rounds, strerror(-failed),
			 l->bed.vcpu.why[0] ? "; " : "", l->bed.vcpu.why);
	return failed;
}

static int on_bed(struct lab *l, const struct topo *topo, char *err, size_t err_size)
{
	char reason[KVM_REASON];
	struct kvm_host host;
	int failed = kvm_proven_guest_open(&l->bed, topo, l->controller_pu < 0 ? 0 : l->controller_pu,
				  l->vcpu_pu[0], &host, reason, err, err_size);

	if (failed)
		return failed;
	l->row->exits_per_s = host.natural_exits_per_s;
	if (host.arrived < host.self_test) {
		snprintf(err, err_size, "%s", reason);
		failed = -ERANGE;
	} else {
		failed = with_kickers(l, err, err_size);
	}
	return kvm_proven_guest_close(&l->bed) ? -ETIMEDOUT : failed;
}

int kvm_lab(const struct kvm_lab_options *o, const struct topo *topo, struct kvm_lab_row *row,
	    char *err, size_t err_size)
{
	static struct lab l;
	int failed;

	l = (struct lab){ .o = o, .row = row };
	*row = (struct kvm_lab_row){ 0 };
	histogram_init(&row->latency);
	failed = kvm_lab_parameter_variant(o->knobs, row->variant, sizeof(row->variant) - 8);
	if (failed) {
		snprintf(err, err_size, "%s/klab_variant: %s: this kvm.ko is not the lab's",
			 o->knobs, strerror(-failed));
		return failed;
	}
	failed = kvm_lab_parameter_write(o->knobs, "early", o->early);
	if (!failed)
		failed = choose_pus(&l, topo);
	if (o->early && !failed)
		strcat(row->variant, "_early");
	if (failed)
		snprintf(err, err_size, "klab_early, or a machine with one PU: %s",
			 strerror(-failed));
	else
		failed = on_bed(&l, topo, err, err_size);
	topo_unpin_self(topo);
	return failed;
}
