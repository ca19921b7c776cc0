// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module kick_judge: runs one order at a time, on kthreads of its own, and reports counts.  It places
 * nothing and judges no protocol: that is the program's.  Every loop ends where judge.stop says so, and
 * a run that makes no progress is stopped; so the module can be removed at any moment.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "kernel/judge.h"
#include "kernel_hashes.def"

#define X(name) extern const struct judge_backend judge_backend_##name;
#include "kernel_backends.def"
#undef X

static const struct judge_backend *const backends[] = {
#define X(name) &judge_backend_##name,
#include "kernel_backends.def"
#undef X
};

enum { POLL_MS = 50, STUCK_MS = 5000 };

struct judge judge;
DEFINE_PER_CPU(unsigned int, judge_called);

static struct judge_report report;
static DEFINE_MUTEX(lock); /* of the run, its report and its samples */
static DECLARE_WAIT_QUEUE_HEAD(news);
static atomic_t ready, left, kickers_left, n_samples;
static u32 received_first[JUDGE_MAX_CPUS], called_first[JUDGE_MAX_CPUS];
static size_t samples_read;
static bool removing;

/* What threads do often */

u64 judge_now(void)
{
	return ktime_get_mono_fast_ns();
}

/* A protocol may wait with preemption off, or with interrupts: then nobody else gets the CPU. */
void judge_breathe(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_COUNT) || preemptible())
		cond_resched();
	cpu_relax();
}

/* By a timer of this CPU, which sends nobody an IPI; where moves come fast, it spins. */
void judge_await_turn(void)
{
	if (judge.order.move_ns && judge.order.move_ns < 100000)
		judge_breathe();
	else
		usleep_range(20, 40);
}

unsigned int judge_switches(void)
{
	return current->nivcsw;
}

void judge_linger(u64 ns)
{
	u64 until = judge_now() + ns;

	while (judge_now() < until && !judge_stopping())
		cpu_relax();
}

u64 judge_random(struct judge_thread *t, u64 limit)
{
	t->random = t->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return limit ? (t->random >> 33) % limit : 0;
}

/* Between half and one and a half of the mean. */
u64 judge_gap(struct judge_thread *t, u64 mean_ns)
{
	return mean_ns ? judge_now() + mean_ns / 2 + judge_random(t, mean_ns) : U64_MAX;
}

bool judge_goes_on(const struct judge_thread *t, u64 now)
{
	u64 kicks = judge.order.kicks;
	u64 made = judge.order.scenario == JUDGE_CONTEND ? t->sent : t->kicks;

	if (raw_smp_processor_id() != t->cpu)
		judge_stop(JUDGE_OFFLINE);
	return !judge_stopping() && now < judge.end_ns &&
	       (!kicks || made < DIV_ROUND_UP(kicks, judge.order.n_kickers));
}

bool judge_quiet(void)
{
	unsigned int i;

	smp_mb(); /* the view before the looks at kickers; pairs with judge_into_kick() */
	for (i = 0; i < judge.order.n_kickers; i++)
		if (smp_load_acquire(&judge.thread[i].calls) & 1) /* pairs with judge_out_of_kick() */
			return false;
	return true;
}

void judge_sample(struct judge_thread *t, u64 ns)
{
	unsigned int n = atomic_inc_return(&n_samples) - 1;

	t->ops++;
	t->ops_ns += ns;
	if (n < JUDGE_MAX_SAMPLES)
		judge.sample[n] = min_t(u64, ns, U32_MAX);
}

bool judge_go_to(struct judge_thread *t, int cpu)
{
	if (set_cpus_allowed_ptr(current, cpumask_of(cpu)) || raw_smp_processor_id() != cpu) {
		judge_stop(JUDGE_OFFLINE);
		return false;
	}
	t->cpu = cpu;
	return true;
}

/* Interrupts */

void judge_on_call(void *unused)
{
	this_cpu_inc(judge_called);
}

void judge_call(struct judge_thread *t, const unsigned long *mask, bool wait)
{
	const struct cpumask *cpus = mask ? to_cpumask((unsigned long *)mask) : cpu_online_mask;
	int cpu;

	preempt_disable();
	for_each_cpu(cpu, cpus)
		t->sent += cpu_online(cpu) && cpu != raw_smp_processor_id();
	smp_call_function_many(cpus, judge_on_call, NULL, wait);
	preempt_enable();
}

/*
 * Misdirected: the target is the CPU of no load from the claimed one on.  Each load is recorded
 * before its cpu can be read, so a number that was read after the claim is always found here.
 */
static bool is_misdirected(const struct judge_thread *t, int cpu)
{
	const struct judge_vcpu *v = &judge.vcpu[0];
	u64 newest, e;

	smp_rmb(); /* the protocol's read of cpu before the history; pairs with judge_loaded() */
	newest = smp_load_acquire(&v->epoch); /* the history up to here; pairs with judge_loaded() */
	if (newest - t->claim_epoch >= JUDGE_EPOCHS / 2)
		return false; /* it may be overwritten meanwhile: not known, not counted */
	for (e = t->claim_epoch; e <= newest; e++)
		if (READ_ONCE(v->epoch_cpu[e % JUDGE_EPOCHS]) == cpu)
			return false;
	return true;
}

/* A CPU goes offline where nobody has preemption off: a protocol that sends with it on gets no other. */
void judge_ipi(struct judge_thread *t, int cpu, bool claims)
{
	preempt_disable();
	if (judge_online(cpu)) {
		t->misdirected += judge.probing && claims && is_misdirected(t, cpu);
		t->sent++;
		judge_send(t, cpu);
	} else {
		t->dropped++;
	}
	preempt_enable();
}

void judge_loaded(struct judge_thread *t, struct judge_vcpu *v, int k)
{
	u32 now = judge_received(t->cpu);

	t->stale += now - judge.seen[k];
	judge.seen[k] = now;
	WRITE_ONCE(v->epoch_cpu[(v->epoch + 1) % JUDGE_EPOCHS], t->cpu);
	smp_store_release(&v->epoch, v->epoch + 1); /* pairs with is_misdirected(), and world.h's window */
	smp_wmb(); /* before the protocol's store of cpu; pairs with is_misdirected() */
}

void judge_put(struct judge_thread *t, int k)
{
	u32 now = judge_received(t->cpu);

	t->spurious += now - judge.seen[k];
	judge.seen[k] = now;
}

void judge_count_from_here(void)
{
	unsigned int i;

	for (i = 0; i < judge.order.n_cpus; i++) {
		int cpu = judge.order.cpu[i];

		called_first[i] = READ_ONCE(per_cpu(judge_called, cpu));
		received_first[i] = judge.seen[i] = judge_received(cpu);
	}
}

/* The books */

static void nothing(void *unused)
{
}

/* What is pending at a CPU is taken before a call that is sent now has run there, or right after: so two. */
static void take_pending(int cpu)
{
	smp_call_function_single(cpu, nothing, NULL, 1);
	smp_call_function_single(cpu, nothing, NULL, 1);
}

u32 judge_all_received(void)
{
	unsigned int i;
	u32 sum = 0;

	for (i = 0; i < judge.order.n_cpus; i++)
		sum += judge_received(judge.order.cpu[i]) - received_first[i];
	return sum;
}

static s32 imbalance(const struct judge_thread *t)
{
	return judge_all_received() - (u32)t->sent - t->balance;
}

static void note_balance(struct judge_thread *t, s32 beyond)
{
	t->balance += beyond;
	t->foreign += beyond > 0 ? beyond : 0;
	t->merged += beyond < 0 ? -beyond : 0;
}

/*
 * Where there is one kicker nobody sends now, and what it sent comes, or never will: an IPI too few has met
 * one that was pending, one too many is somebody else's.  So neither hides the other.
 */
void judge_settle(struct judge_thread *t)
{
	u64 until = judge_now() + JUDGE_GRACE_NS;
	unsigned int i;

	if (judge.order.n_kickers != 1)
		return;
	while (imbalance(t) < 0 && judge_now() < until && !judge_stopping())
		cpu_relax();
	for (i = 0; i < judge.order.n_cpus && imbalance(t) < 0; i++)
		take_pending(judge.order.cpu[i]);
	note_balance(t, imbalance(t));
}

/* The last thread, before it wakes anybody: nobody sends any more. */
static void count_received(void)
{
	unsigned int i;

	for (i = 0; i < judge.order.n_cpus; i++) {
		int cpu = judge.order.cpu[i];

		take_pending(cpu);
		report.received += (u32)(judge_received(cpu) - received_first[i]);
		report.called += READ_ONCE(per_cpu(judge_called, cpu)) - called_first[i];
		report.stale += (u32)(judge_received(cpu) - judge.seen[i]);
	}
	report.resched = report.received - report.called;
}

/* A run */

static int thread_main(void *data)
{
	struct judge_thread *t = data;
	unsigned int switches;

	atomic_inc(&ready);
	wake_up(&news);
	/* The first counts come before it; pairs with begin(). */
	while (!smp_load_acquire(&judge.go) && !judge_stopping())
		judge_breathe();
	switches = current->nivcsw;
	if (!judge_stopping())
		t->body(t);
	t->switches = current->nivcsw - switches;
	if (t->is_kicker && atomic_dec_and_test(&kickers_left))
		smp_store_release(&judge.over, 1); /* pairs with judge_over() */
	if (atomic_dec_and_test(&left)) {
		count_received();
		smp_store_release(&judge.ended, 1); /* pairs with has_ended() */
		wake_up(&news);
	}
	return 0;
}

static bool has_ended(void)
{
	return smp_load_acquire(&judge.ended); /* all counts; pairs with thread_main() */
}

static u64 progress(void)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < judge.n_threads; i++)
		sum += READ_ONCE(judge.thread[i].kicks) + READ_ONCE(judge.thread[i].stints);
	return sum;
}

static void begin(void)
{
	judge_count_from_here();
	judge.end_ns = judge_now() + judge.order.window_ns;
	smp_store_release(&judge.go, 1); /* pairs with thread_main() */
}

/* Waits for the end, and brings it about where somebody wants it, or nothing moves. */
static void watch(void)
{
	unsigned long until = jiffies + msecs_to_jiffies(STUCK_MS);
	u64 was = 0, is, end_ns = judge.end_ns + (u64)STUCK_MS * NSEC_PER_MSEC;

	while (!has_ended()) {
		long rest = wait_event_interruptible_timeout(news, has_ended(), msecs_to_jiffies(POLL_MS));

		if (rest == -ERESTARTSYS) {
			judge_stop(JUDGE_STOPPED);
			wait_event(news, has_ended());
			return;
		}
		is = progress();
		if (is != was)
			until = jiffies + msecs_to_jiffies(STUCK_MS);
		was = is;
		/* The vCPU may go on where its kicker has not come back. */
		if (time_after(jiffies, until) || judge_now() > end_ns)
			judge_stop(JUDGE_STUCK);
	}
}

static void *zeroed(size_t size)
{
	return kvzalloc(max_t(size_t, size, 1), GFP_KERNEL);
}

static int make_thread(struct judge_thread *t, int number, int cpu, bool is_kicker)
{
	const struct judge_backend *b = judge.backend;
	bool alone = judge.order.scenario == JUDGE_FASTPATH || judge.order.scenario == JUDGE_ENTRY;
	unsigned int i;

	t->number = number;
	t->cpu = cpu;
	t->is_kicker = is_kicker;
	t->body = alone ? b->alone : is_kicker ? b->kicker : b->runner;
	t->random = judge.order.seed * 1000003 + number * 2 + is_kicker;
	t->kicker = zeroed(b->kicker_size);
	t->mask = zeroed(cpumask_size());
	t->call = zeroed(sizeof(*t->call) * nr_cpu_ids);
	if (!t->kicker || !t->mask || !t->call)
		return -ENOMEM;
	for (i = 0; i < nr_cpu_ids; i++)
		INIT_CSD(&t->call[i], judge_on_call, NULL);
	t->task = kthread_create(thread_main, t, "kick_judge/%d", cpu);
	if (IS_ERR(t->task)) {
		int failed = PTR_ERR(t->task);

		t->task = NULL;
		return failed;
	}
	get_task_struct(t->task);
	kthread_bind(t->task, cpu);
	return 0;
}

/* Kickers first, then runners; a vCPU that the scheduler moves has one. */
static int make_threads(void)
{
	const struct judge_order *o = &judge.order;
	int i, n_runners, failed = 0;

	n_runners = o->scenario <= JUDGE_ENTRY ? 0 :
		    o->scenario == JUDGE_BROADCAST ? o->n_in_guest :
		    o->scenario == JUDGE_MIGRATE && o->mover == JUDGE_HANDOVER ? o->n_cpus : 1;
	judge.n_threads = o->n_kickers + n_runners;
	if (judge.n_threads >= num_online_cpus())
		return -EBUSY;
	judge.thread = zeroed(sizeof(*judge.thread) * judge.n_threads);
	if (!judge.thread)
		return -ENOMEM;
	for (i = 0; i < judge.n_threads && !failed; i++)
		failed = i < o->n_kickers ? make_thread(&judge.thread[i], i, o->kicker_cpu[i], true)
			: make_thread(&judge.thread[i], i - o->n_kickers, o->cpu[i - o->n_kickers], false);
	return failed;
}

static int make_machine(void)
{
	const struct judge_backend *b = judge.backend;
	const struct judge_order *o = &judge.order;
	unsigned int i;

	judge.vcpu_stride = ALIGN(b->vcpu_size, 128) ?: 128;
	judge.pcpu_stride = ALIGN(b->pcpu_size, 128) ?: 128;
	judge.vcpu = zeroed(sizeof(*judge.vcpu) * o->n_vcpus);
	judge.vcpus = zeroed(judge.vcpu_stride * o->n_vcpus);
	judge.pcpus = zeroed(judge.pcpu_stride * nr_cpu_ids);
	judge.vm = zeroed(b->vm_size);
	if (!judge.vcpu || !judge.vcpus || !judge.pcpus || !judge.vm)
		return -ENOMEM;
	for (i = 0; i < o->mask_width; i++)
		__set_bit((u64)i * o->n_vcpus / o->mask_width, judge.bitmap);
	b->prepare();
	return 0;
}

/* No handler of ours is due any more. */
static void await_calls(const struct judge_thread *t)
{
	unsigned int i;

	for (i = 0; t->call && i < nr_cpu_ids; i++)
		while (READ_ONCE(t->call[i].node.u_flags) & CSD_FLAG_LOCK)
			schedule_timeout_uninterruptible(1);
}

static void tear_down(void)
{
	int i;

	for (i = 0; judge.thread && i < judge.n_threads; i++) {
		struct judge_thread *t = &judge.thread[i];

		if (t->task) {
			kthread_stop(t->task); /* one that never ran never will */
			put_task_struct(t->task);
		}
		await_calls(t);
		kvfree(t->call);
		kvfree(t->kicker);
		kvfree(t->mask);
	}
	kvfree(judge.thread);
	kvfree(judge.vcpu);
	kvfree(judge.vcpus);
	kvfree(judge.pcpus);
	kvfree(judge.vm);
	judge.thread = NULL;
	judge.vcpu = NULL;
	judge.vcpus = judge.pcpus = judge.vm = NULL;
}

static void add_up(void)
{
	unsigned int i, k;
	s64 rest;

	report.least_kicks = U64_MAX;
	for (i = 0; i < judge.n_threads; i++) {
		const struct judge_thread *t = &judge.thread[i];

#define ADD(member) (report.member += t->member)
		ADD(kicks), ADD(casts), ADD(sent), ADD(dropped), ADD(misdirected), ADD(ops), ADD(ops_ns);
		ADD(preempted), ADD(wrong), ADD(useful), ADD(spurious), ADD(stale), ADD(stints), ADD(exits);
		ADD(natural), ADD(migrations), ADD(poisoned), ADD(lost), ADD(merged), ADD(foreign);
		ADD(in_moves), ADD(doubtful);
#undef ADD
		report.nivcsw += t->switches;
		for (k = 0; k < JUDGE_OUTCOMES; k++)
			report.outcome[k] += t->outcome[k];
		if (t->is_kicker) {
			report.least_kicks = min(report.least_kicks, t->kicks);
			report.most_kicks = max(report.most_kicks, t->kicks);
		}
	}
	/* What came since the last look, or, with several kickers, since the first. */
	rest = (s64)(report.received + report.merged) - (s64)(report.sent + report.foreign);
	report.foreign += rest > 0 ? rest : 0;
	report.merged += rest < 0 ? -rest : 0;
	report.settled = judge.order.n_kickers == 1 && (judge.order.scenario == JUDGE_ROUNDTRIP ||
							judge.order.scenario == JUDGE_MIGRATE);
	report.samples = min_t(unsigned int, atomic_read(&n_samples), JUDGE_MAX_SAMPLES);
	report.end = READ_ONCE(judge.stop);
}

/* All threads are there and spin: then the window begins, and until it has ended nobody is woken. */
static int run_threads(void)
{
	u64 began;
	int i;

	for (i = 0; i < judge.n_threads; i++)
		wake_up_process(judge.thread[i].task);
	if (!wait_event_timeout(news, atomic_read(&ready) == judge.n_threads, msecs_to_jiffies(STUCK_MS)))
		judge_stop(JUDGE_STUCK);
	begin();
	began = judge_now();
	watch();
	report.window_ns = judge_now() - began;
	add_up();
	return report.end == JUDGE_STOPPED ? (READ_ONCE(removing) ? -ENODEV : -EINTR) : 0;
}

static bool is_distinct_and_online(const struct judge_order *o)
{
	int cpu[JUDGE_MAX_KICKERS + JUDGE_MAX_CPUS], n = 0, i, k;

	for (i = 0; i < o->n_kickers; i++)
		cpu[n++] = o->kicker_cpu[i];
	for (i = 0; i < o->n_cpus; i++)
		cpu[n++] = o->cpu[i];
	for (i = 0; i < n; i++) {
		if (!judge_online(cpu[i]))
			return false;
		for (k = 0; k < i; k++)
			if (cpu[k] == cpu[i])
				return false;
	}
	return true;
}

static bool is_sane(const struct judge_order *o)
{
	return o->version == JUDGE_VERSION && o->scenario < JUDGE_N_SCENARIOS &&
	       o->transport < JUDGE_N_TRANSPORTS && o->path < JUDGE_N_PATHS && o->form < JUDGE_N_FORMS &&
	       o->mover < JUDGE_N_MOVERS && o->n_kickers >= 1 && o->n_kickers <= JUDGE_MAX_KICKERS &&
	       o->n_cpus <= JUDGE_MAX_CPUS && o->n_vcpus >= 1 && o->n_vcpus <= JUDGE_MAX_VCPUS &&
	       o->n_in_guest <= o->n_cpus && o->n_in_guest <= o->n_vcpus && o->mask_width <= o->n_vcpus &&
	       (o->scenario == JUDGE_BROADCAST ? o->mask_width >= 1 && o->n_kickers == 1 : o->n_vcpus == 1) &&
	       (o->scenario >= JUDGE_ROUNDTRIP || o->n_kickers == 1) &&
	       (o->n_cpus >= 1 || (o->scenario <= JUDGE_ENTRY && o->path <= JUDGE_SELF)) &&
	       (IS_ENABLED(CONFIG_X86) || o->transport == JUDGE_CALL) && o->put_clears <= 1 && o->wait <= 1 &&
	       o->wakeup <= 1 && o->window_ns <= JUDGE_MAX_NS && o->widen_ns <= 10 * NSEC_PER_MSEC &&
	       o->move_ns <= JUDGE_MAX_NS && o->exit_ns <= JUDGE_MAX_NS && o->kicks <= U32_MAX;
}

static const struct judge_backend *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(backends); i++)
		if (!strncmp(backends[i]->name, name, sizeof(judge.order.backend)))
			return backends[i];
	return NULL;
}

/* Under the lock. */
static int run(const struct judge_order *order)
{
	u32 *sample = judge.sample;
	int failed;

	if (!is_sane(order))
		return -EINVAL;
	memset(&judge, 0, sizeof(judge));
	judge.sample = sample;
	judge.order = *order;
	if (!is_distinct_and_online(order)) /* one that goes from now on stops the run */
		return -ENODEV;
	judge.backend = find(order->backend);
	if (!judge.backend)
		return -ENOENT;
	if (judge.backend->cannot())
		return -EOPNOTSUPP;
	judge.probing = order->scenario == JUDGE_MIGRATE;
	report = (struct judge_report){ .version = JUDGE_VERSION };
	samples_read = 0;
	atomic_set(&ready, 0);
	atomic_set(&n_samples, 0);
	failed = make_machine();
	if (!failed)
		failed = make_threads();
	atomic_set(&left, judge.n_threads);
	atomic_set(&kickers_left, order->n_kickers);
	/* Whoever removes us first says so, then stops what runs: here the one or the other is seen. */
	smp_mb(); /* pairs with judge_exit() */
	if (!failed && READ_ONCE(removing))
		failed = -ENODEV;
	if (!failed)
		failed = run_threads();
	tear_down();
	return failed;
}

/* Files */

static ssize_t run_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	struct judge_order order;
	int failed;

	if (count != sizeof(order))
		return -EINVAL;
	memcpy(&order, buf, sizeof(order));
	if (!mutex_trylock(&lock))
		return -EBUSY;
	failed = READ_ONCE(removing) ? -ENODEV : run(&order);
	mutex_unlock(&lock);
	return failed ? failed : count;
}

static ssize_t run_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	BUILD_BUG_ON(sizeof(report) >= PAGE_SIZE || JUDGE_SAMPLES_A_READ * sizeof(u32) >= PAGE_SIZE);
	if (!mutex_trylock(&lock))
		return -EBUSY;
	memcpy(buf, &report, sizeof(report));
	mutex_unlock(&lock);
	return sizeof(report);
}

static ssize_t samples_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	size_t n;

	if (!mutex_trylock(&lock))
		return -EBUSY;
	n = min_t(size_t, report.samples - samples_read, JUDGE_SAMPLES_A_READ);
	memcpy(buf, judge.sample + samples_read, n * sizeof(u32));
	samples_read += n;
	mutex_unlock(&lock);
	return n * sizeof(u32);
}

static ssize_t about_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	ssize_t n = sysfs_emit(buf, "version %d\nrelease %s\nbuild %s\nconfig HZ=%d", JUDGE_VERSION,
			       init_utsname()->release, init_utsname()->version, HZ);
	unsigned int i;

#define OPTION(name) (n += sysfs_emit_at(buf, n, "%s", IS_ENABLED(CONFIG_##name) ? " " #name : ""))
	OPTION(PREEMPT), OPTION(PREEMPT_VOLUNTARY), OPTION(PREEMPT_DYNAMIC), OPTION(PREEMPT_RT);
	OPTION(NO_HZ_FULL), OPTION(PARAVIRT), OPTION(KASAN), OPTION(KCSAN), OPTION(PROVE_LOCKING);
	OPTION(DEBUG_PREEMPT);
#undef OPTION
	n += sysfs_emit_at(buf, n, "\nconfig_sha256 %s\nsource_sha256 %s\ntransports %scall\n",
			   JUDGE_CONFIG_HASH, JUDGE_SOURCE_HASH, IS_ENABLED(CONFIG_X86) ? "reschedule," : "");
	for (i = 0; i < ARRAY_SIZE(backends); i++)
		n += sysfs_emit_at(buf, n, "backend %s %s\n", backends[i]->name, backends[i]->cannot() ?: "");
	return n;
}

static struct kobj_attribute run_attribute = __ATTR(run, 0600, run_show, run_store);
static struct kobj_attribute samples_attribute = __ATTR(samples, 0400, samples_show, NULL);
static struct kobj_attribute about_attribute = __ATTR(about, 0400, about_show, NULL);
static const struct attribute *const files[] = { &run_attribute.attr, &samples_attribute.attr,
						 &about_attribute.attr, NULL };

/* Coming and going */

static struct kobject *folder;
static int hotplug;

/* Only a reader of the order: a run that has just ended is stopped for nothing. */
static int cpu_goes(unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < JUDGE_MAX_KICKERS && i < judge.order.n_kickers; i++)
		if (judge.order.kicker_cpu[i] == cpu)
			judge_stop(JUDGE_OFFLINE);
	for (i = 0; i < JUDGE_MAX_CPUS && i < judge.order.n_cpus; i++)
		if (judge.order.cpu[i] == cpu)
			judge_stop(JUDGE_OFFLINE);
	return 0;
}

static int __init judge_init(void)
{
	int failed = -ENOMEM;

	if (num_online_cpus() < 2) {
		pr_err("not here: no CPU would be left for the system\n");
		return -EBUSY;
	}
	judge.sample = zeroed(sizeof(u32) * JUDGE_MAX_SAMPLES);
	folder = judge.sample ? kobject_create_and_add("kick_judge", kernel_kobj) : NULL;
	if (folder)
		failed = hotplug = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "kick_judge:online", NULL,
							     cpu_goes);
	if (failed >= 0) {
		failed = sysfs_create_files(folder, files);
		if (failed)
			cpuhp_remove_state_nocalls(hotplug);
	}
	if (failed) {
		kobject_put(folder);
		kvfree(judge.sample);
		return failed;
	}
	pr_info("takes orders at " JUDGE_DIR "/run: kicks between kthreads, by IPIs of this kernel\n");
	return 0;
}

static void __exit judge_exit(void)
{
	WRITE_ONCE(removing, true);
	smp_mb(); /* pairs with run() */
	judge_stop(JUDGE_STOPPED);
	/* Waits for whoever is in one of them: a run ends by itself now. */
	sysfs_remove_files(folder, files);
	kobject_put(folder);
	cpuhp_remove_state_nocalls(hotplug);
	kvfree(judge.sample);
	pr_info("gone\n");
}

module_init(judge_init);
module_exit(judge_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kick protocols of kickbench between kthreads, with real interrupts");
