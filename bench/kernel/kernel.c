// SPDX-License-Identifier: GPL-2.0-or-later
/* From a case to the module's order, and from its report to a result. */
#include "bench/kernel/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/scenario.h"
#include "bench/window/rig.h"
#include "kernel/kick_judge.h"

/* A file of sysfs is one page at most. */
enum { PAGE = 4096 };

/* What the module says of itself, read once: it does not change while it is loaded. */
static const char *about(void)
{
	static char text[PAGE + 1];
	int fd = *text ? -1 : open(JUDGE_DIR "/about", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return text;
	n = read(fd, text, PAGE);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

/* The rest of the line that begins with "KEY ", into buf; false: there is none. */
static bool about_line(const char *key, char *buf, size_t size)
{
	size_t length = strlen(key);

	for (const char *line = about(); *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (!strncmp(line, key, length) && line[length] == ' ') {
			snprintf(buf, size, "%.*s", (int)strcspn(line + length + 1, "\n"), line + length + 1);
			return true;
		}
	return false;
}

/* Why the module does not run this backend, or NULL; each has a text of its own. */
static const char *backend_missing(const struct bench_backend *b)
{
	static char *why[BENCH_MAX_BACKENDS];
	size_t i = (size_t)(b - bench_backends);
	char key[64], text[256];

	snprintf(key, sizeof(key), "backend %s", b->name);
	if (!about_line(key, text, sizeof(text)))
		return "the module was built without this backend";
	if (!*text || i >= BENCH_MAX_BACKENDS)
		return *text ? "the module does not run this backend" : NULL;
	if (!why[i])
		why[i] = strdup(text);
	return why[i] ? why[i] : "the module does not run this backend";
}

static bool is_broadcast(const struct bench_case *c)
{
	return c->mask_width > 0;
}

/* CPUs that vCPUs run on. */
static int n_cpus(const struct bench_case *c)
{
	if (c->vcpu_pu < 0)
		return 0;
	return c->state == BENCH_IN_GUEST || is_broadcast(c) ? c->pcpus - c->kickers : 1;
}

/* Threads that want a CPU each; a vCPU that the scheduler moves is one of them. */
static int n_threads(const struct bench_case *c)
{
	if (c->state != BENCH_IN_GUEST && !is_broadcast(c))
		return 1;
	return c->kickers + n_cpus(c);
}

const char *bench_kernel_missing(const struct bench_case *c)
{
	const char *missing = machine_transport_missing(c->transport);
	char transports[64] = "";

	if (missing)
		return missing;
	about_line("transports", transports, sizeof(transports));
	if (c->transport == MACHINE_RESCHEDULE && !strstr(transports, "reschedule"))
		return "this architecture exports no reschedule IPI to modules: see transport call";
	if (c->kickers > JUDGE_MAX_KICKERS || n_cpus(c) > JUDGE_MAX_CPUS)
		return "the module takes 8 kickers and 8 CPUs of vCPUs at most";
	if (c->window_ns > JUDGE_MAX_NS)
		return "the module's windows are of 60 s at most";
	if (n_threads(c) >= topo_n_pus(c->topo) || (n_cpus(c) && bench_vcpu_pu(c, n_cpus(c) - 1) < 0))
		return "too few CPUs: each thread needs one, and the system keeps one";
	return backend_missing(c->backend);
}

struct cJSON *bench_kernel_json(void)
{
	static const char *const keys[] = { "release", "build", "config", "config_sha256", "source_sha256",
					    "transports" };
	cJSON *json = *about() ? cJSON_CreateObject() : NULL;
	char text[512];

	for (size_t i = 0; json && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (about_line(keys[i], text, sizeof(text)))
			cJSON_AddStringToObject(json, keys[i], text);
	return json;
}

static const struct {
	const char *name;
	enum judge_scenario scenario;
} scenarios[] = {
	{ "fastpath", JUDGE_FASTPATH }, { "entry", JUDGE_ENTRY },     { "roundtrip", JUDGE_ROUNDTRIP },
	{ "matrix", JUDGE_ROUNDTRIP },	{ "contend", JUDGE_CONTEND }, { "migrate", JUDGE_MIGRATE },
	{ "broadcast", JUDGE_BROADCAST },
};

static int os_cpu(const struct bench_case *c, int pu)
{
	const struct topo_pu *p = topo_pu(c->topo, pu);

	return p ? p->cpu : -1;
}

static uint64_t mean_ns(double per_s)
{
	return per_s > 0 ? (uint64_t)(1e9 / per_s) : 0;
}

/* The paths and forms have the same order on both sides: BENCH_UNLOADED and BENCH_KICK are 0. */
static struct judge_order order_of(const struct bench_case *c)
{
	struct judge_order o = { .version = JUDGE_VERSION,
				 .transport = c->transport == MACHINE_CALL ? JUDGE_CALL : JUDGE_RESCHEDULE,
				 .path = c->state < BENCH_IN_GUEST ? (uint32_t)c->state : 0,
				 .form = (uint32_t)c->what,
				 .mover = c->by_scheduler ? JUDGE_SCHEDULER : JUDGE_HANDOVER,
				 .put_clears = c->put && !strcmp(c->put, "minus1"),
				 .wait = c->wait,
				 .wakeup = c->wakeup,
				 .n_kickers = (uint32_t)c->kickers,
				 .n_cpus = (uint32_t)n_cpus(c),
				 .n_vcpus = (uint32_t)c->vcpus,
				 .n_in_guest = (uint32_t)(c->vcpus * c->in_guest_pct / 100),
				 .mask_width = (uint32_t)c->mask_width,
				 .window_ns = c->window_ns,
				 .kicks = c->kicks,
				 .widen_ns = c->widen_ns,
				 .move_ns = mean_ns(c->migrations_per_s),
				 .exit_ns = mean_ns(c->natural_exits_per_s),
				 .seed = c->seed * 1009 + c->repetition };

	snprintf(o.backend, sizeof(o.backend), "%s", c->backend->name);
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		if (!strcmp(scenarios[i].name, c->scenario->name))
			o.scenario = scenarios[i].scenario;
	for (int i = 0; i < c->kickers; i++)
		o.kicker_cpu[i] = os_cpu(c, bench_kicker_pu(c, i));
	for (int i = 0; i < n_cpus(c); i++)
		o.cpu[i] = os_cpu(c, bench_vcpu_pu(c, i));
	return o;
}

/* One write, one run; then its report. */
static int ask(const struct judge_order *o, struct judge_report *report)
{
	int fd = open(JUDGE_DIR "/run", O_RDWR | O_CLOEXEC), failed = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (write(fd, o, sizeof(*o)) != (ssize_t)sizeof(*o))
		failed = errno ? -errno : -EIO;
	n = failed ? 0 : pread(fd, report, sizeof(*report), 0);
	if (!failed && (n != (ssize_t)sizeof(*report) || report->version != JUDGE_VERSION))
		failed = n < 0 ? -errno : -EPROTO;
	close(fd);
	return failed;
}

/* Each read of that file hands out the next ones. */
static int read_samples(uint64_t n, struct histogram *h)
{
	uint32_t sample[JUDGE_SAMPLES_A_READ];
	ssize_t got = 0;

	histogram_init(h);
	for (uint64_t had = 0; had < n; had += (uint64_t)got / sizeof(sample[0])) {
		int fd = open(JUDGE_DIR "/samples", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return -errno;
		got = read(fd, sample, sizeof(sample));
		close(fd);
		if (got <= 0)
			return got ? -errno : -EPROTO;
		for (size_t i = 0; i < (size_t)got / sizeof(sample[0]); i++)
			histogram_record(h, sample[i]);
	}
	return 0;
}

static void take(uint64_t *from, uint64_t *n)
{
	uint64_t taken = *from < *n ? *from : *n;

	*from -= taken;
	*n -= taken;
}

/*
 * What was sent, as it was received: an IPI that met one already pending is seen once.  What was received
 * and not sent is somebody else's: where the vCPU's side could not tell, it is taken from what did the least.
 */
static void add_ipis(const struct judge_report *j, struct bench_result *r)
{
	uint64_t foreign = j->foreign;

	r->ipis = (struct machine_ipis){ .useful = j->useful,
					 .stale = j->stale,
					 .spurious = j->spurious,
					 .dbl = j->merged,
					 .dropped = j->dropped };
	r->foreign = foreign;
	take(&r->ipis.stale, &foreign);
	take(&r->ipis.spurious, &foreign);
	take(&r->ipis.useful, &foreign);
	r->sent = j->sent + j->dropped;
	r->resched = j->resched;
	r->called = j->called;
}

static void add_report(const struct bench_case *c, const struct judge_report *j, struct bench_result *r)
{
	bool live = c->state == BENCH_IN_GUEST || is_broadcast(c);

	r->in_kernel = true;
	r->ops = is_broadcast(c) ? j->casts : live ? j->kicks : j->ops;
	r->casts = j->casts;
	r->kicks = j->kicks;
	r->ns_per_op = j->ops ? (double)j->ops_ns / (double)j->ops : 0;
	r->preempted = j->preempted;
	for (int i = 0; i < KICK_N_OUTCOMES && i < JUDGE_OUTCOMES; i++)
		r->outcome[i] = j->outcome[i];
	add_ipis(j, r);
	r->stints = j->stints;
	r->exits = j->exits;
	r->migrations = j->migrations;
	r->poisoned = j->poisoned;
	r->lost = j->lost;
	r->misdirected = j->misdirected;
	r->window_ns = j->window_ns;
	r->fairness = j->most_kicks ? (double)j->least_kicks / (double)j->most_kicks : 0;
	r->nivcsw = (long)j->nivcsw;
	r->has_outcomes = r->has_ipis = strcmp(c->scenario->name, "entry");
	r->has_verdicts = live;
	r->has_latency = r->latency.n > 0;
	r->untrue = live ? !is_broadcast(c) && r->outcome[KICK_SENT] != r->sent : j->wrong > 0;
}

/* A run that did not come to its end says nothing. */
static void refuse(const struct judge_report *j, struct bench_result *r)
{
	static const char *const why[] = {
		[JUDGE_DONE] = NULL,
		[JUDGE_STOPPED] = "the run was stopped",
		[JUDGE_OFFLINE] = "a CPU of it went offline",
		[JUDGE_STUCK] = "nothing moved for 5 s: the module's watchdog ended it",
		[JUDGE_UNREADY] = "the vCPU could not be brought into this state",
	};

	if (j->end != JUDGE_DONE && j->end < sizeof(why) / sizeof(why[0]))
		bench_verdict(r, VERDICT_INCONCLUSIVE, why[j->end]);
	else if (!j->ops && !j->casts && !j->kicks)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "no kick fitted into the window");
}

/*
 * The kernel's count against ours; true: what somebody else sent is not in the row's figures.  The scheduler
 * that moves a vCPU's thread interrupts its CPUs then.  Where several kicks are under way nobody sees which
 * IPI was merged with which: then one that the scheduler may have sent may hide behind one that was merged.
 */
static bool books_hold(const struct judge_report *j, char *why, size_t size)
{
	*why = '\0';
	unsigned long long strange = j->foreign, missing = j->settled ? j->merged : 0, moves = j->in_moves;

	if (strange > moves)
		snprintf(why, size, "the kernel took %llu IPIs there that are not ours", strange - moves);
	else if (missing > moves)
		snprintf(why, size, "%llu of our IPIs met others there, that are not ours", missing - moves);
	else if (!j->settled && j->resched && j->merged && j->doubtful)
		snprintf(why, size, "%llu IPIs may be the scheduler's: of ours %llu were merged",
			 (unsigned long long)j->doubtful, (unsigned long long)j->merged);
	else
		return true;
	return false;
}

/* Somebody else's IPIs come and go: a row that met some is measured again, so often at most. */
enum { REPEATS = 3 };

/* What a backend may not do it did, whoever else sent IPIs. */
static bool is_guilty(const struct bench_case *c, const struct judge_report *j)
{
	const unsigned int may = bench_decl(c->backend)->may;

	return (j->lost && !(may & KICK_MAY_LOSE)) || (j->poisoned && !(may & KICK_MAY_POISON)) ||
	       (j->misdirected && !(may & KICK_MAY_MISDIRECT));
}

static int run_once(struct judge_order *order, struct judge_report *report, struct bench_result *r)
{
	int failed = ask(order, report);

	if (!failed)
		failed = read_samples(report->samples, &r->latency);
	order->seed += 1000000007;
	return failed;
}

int bench_kernel_run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	struct judge_order order = order_of(c);
	struct judge_report report;
	int failed;

	for (;; r->repeats++) {
		failed = run_once(&order, &report, r);
		if (failed || report.end != JUDGE_DONE || books_hold(&report, r->books, sizeof(r->books)) ||
		    r->repeats == REPEATS || is_guilty(c, &report))
			break;
	}
	r->in_kernel = true;
	if (failed == -EINTR) { /* a signal, of which the program knows */
		bench_verdict(r, VERDICT_INCONCLUSIVE, "the run was stopped");
		return 0;
	}
	if (failed) {
		snprintf(env->err, env->err_size, "%s: %s: %s", JUDGE_DIR "/run", c->backend->name,
			 strerror(-failed));
		return failed;
	}
	add_report(c, &report, r);
	refuse(&report, r);
	return 0;
}

void bench_kernel_books(struct bench_result *r)
{
	if (r->verdict == VERDICT_OK && *r->books)
		bench_verdict(r, VERDICT_INCONCLUSIVE, r->books);
}

int bench_kernel_measure(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	int failed = bench_kernel_run(env, c, r);
	enum kick_outcome outcome;

	if (failed)
		return failed;
	bench_rig_judge(c, r);
	bench_kernel_books(r);
	if (!is_broadcast(c))
		bench_counted_kick(r, c->backend->count->kick(BENCH_IN_GUEST, c->what, false, &r->counts,
							       &outcome));
	return 0;
}
