// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench list: what there is to choose from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "bench/scenario.h"
#include "bench/session/session.h"
#include "bench/window/meter.h"
#include "cli/verbs.h"

static struct list_command {
	enum { ALL, NAMES, HISTORY, JSON } what;
} command;

static const struct opt options[] = {
	{ .name = "names", .kind = OPT_FLAG, .store = NAMES,
	  .doc = "the names of the backends, one per line",
	  OPT_TO(struct list_command, what) },
	{ .name = "history", .kind = OPT_FLAG, .store = HISTORY,
	  .doc = "KVM's protocol, release by release; what explore finds",
	  OPT_TO(struct list_command, what) },
	{ .name = "json", .kind = OPT_FLAG, .store = JSON, .doc = "everything as one JSON object",
	  OPT_TO(struct list_command, what) },
	{ 0 },
};

static const struct opt_table table = {
	.verb = "list",
	.summary = "backends, scenarios, transports, counters; what cannot run here and why",
	.usage = "[--names | --history | --json]",
	.about = "Prints what there is to choose from; of several options the last one counts.",
	.option = options,
	.size = sizeof(struct list_command),
};

static const struct {
	unsigned int bit;
	const char *name;
} features[] = {
	{ KICK_F_CLAIM, "claims" },	   { KICK_F_REQUESTS, "requests" },
	{ KICK_F_MASK, "masks" },	   { KICK_F_WAIT, "waits" },
	{ KICK_F_WALK, "walks" },	   { KICK_F_BLOCK, "blocks" },
	{ KICK_F_SELF, "self" },	   { KICK_F_SIGNAL, "signals" },
	{ KICK_F_KICK_WAIT, "kick-waits" }, { KICK_F_NO_PROTOCOL, "none" },
	{ KICK_F_SETBITS, "set-bits" },	   { KICK_F_OWN_MASKS, "own-masks" },
	{ KICK_F_BLIND_MASK, "blind-masks" }, { KICK_F_TWO_STATES, "two-states" },
};
enum { N_FEATURES = sizeof(features) / sizeof(features[0]) };

/* In the order of the list; a backend may have a world of its own beside them. */
static const struct {
	const char *name, *is;
} worlds[] = {
	{ "kvm", "Linux' kernel: IPIs to a vCPU that claims and pCPU numbers find" },
	{ "vmm", "user space over KVM_RUN: signals to the thread that is a vCPU" },
	{ "xen", "softirqs of the pCPU that a vCPU runs on" },
	{ "bhyve", "a lock around a vCPU's state and pCPU; Propolis above it" },
	{ "zircon", "one lock of the scheduler" },
	{ "s390", "a word that the hardware looks at, and waiting until it has" },
	{ "pkvm", "INIT IPIs that are acknowledged by a bit each" },
	{ "axvm", "state and pCPU in one word; a wait queue" },
	{ "hyperv", "cancels that stick until the next run" },
};
enum { N_WORLDS = sizeof(worlds) / sizeof(worlds[0]) };

static const char *world_of(size_t i)
{
	return kick_world(bench_decl(&bench_backends[i]));
}

static const char *what_world_is(const char *world)
{
	for (int i = 0; i < N_WORLDS; i++)
		if (!strcmp(worlds[i].name, world))
			return worlds[i].is;
	return "the reader's own";
}

static const char *const transports[MACHINE_N_TRANSPORTS] = {
	"a polled line per pCPU: the protocol's own cost",
	"a signal to the carrier, which is in an rseq section",
	"a function-call IPI that waits for its handler: the twin of a waiting request",
	"in the kernel, by its module kick_judge: the reschedule IPI of kvm_vcpu_kick()",
	"in the kernel likewise: a function call that nobody waits for",
};

/* What --perf auto and kernel count, tested as before a run. */
static struct bench_meter prove_counters(void)
{
	struct bench_meter meter = { 0 };

	perf_set_default(&meter.events);
	perf_set_prove(&meter.events);
	perf_set_kernel(&meter.kernel);
	perf_set_prove(&meter.kernel);
	perf_set_fini(&meter.kernel);
	return meter;
}

static void print_events(const struct perf_set *set, const char *prefix)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct perf_event *e = &set->event[i];

		printf("  %s%s: %s", prefix, e->column, e->name);
		if (e->state != PERF_OK)
			printf("; %s here: %s", perf_state_name[e->state], e->why);
		putchar('\n');
	}
}

static void print_backend(const struct bench_backend *b)
{
	const struct kick_declaration *d = bench_decl(b);

	printf("  %-20s %s\n  %-20s from %s; ", b->name, d->summary, "", d->origin);
	for (int f = 0; f < N_FEATURES; f++)
		if (d->features & features[f].bit)
			printf(" %s", features[f].name);
	putchar('\n');
}

static void print_world(const char *world)
{
	size_t n = 0;

	for (size_t i = 0; i < bench_n_backends; i++)
		if (!strcmp(world_of(i), world)) {
			if (!n++)
				printf("backends of %s: %s\n", world, what_world_is(world));
			print_backend(&bench_backends[i]);
		}
}

static bool is_known_world(const char *world)
{
	for (int i = 0; i < N_WORLDS; i++)
		if (!strcmp(worlds[i].name, world))
			return true;
	return false;
}

static bool is_first_of_world(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(world_of(k), world_of(i)))
			return false;
	return true;
}

static void print_text(void)
{
	struct bench_meter counters = prove_counters();

	for (int i = 0; i < N_WORLDS; i++)
		print_world(worlds[i].name);
	for (size_t i = 0; i < bench_n_backends; i++)
		if (!is_known_world(world_of(i)) && is_first_of_world(i))
			print_world(world_of(i));
	puts("scenarios");
	for (size_t i = 0; bench_scenarios()[i]; i++)
		printf("  %-20s %s\n", bench_scenarios()[i]->name, bench_scenarios()[i]->summary);
	puts("transports");
	for (int t = 0; t < MACHINE_N_TRANSPORTS; t++) {
		const char *missing = machine_transport_missing((enum machine_transport)t);

		printf("  %-20s %s%s%s\n", machine_transport_name[t], transports[t],
		       missing ? "; cannot run here: " : "", missing ? missing : "");
	}
	puts("counters");
	print_events(&counters.events, "perf_");
	puts("the kernel's own count");
	print_events(&counters.kernel, "kernel_");
}

static void add_transports(cJSON *array)
{
	for (int t = 0; t < MACHINE_N_TRANSPORTS; t++) {
		const char *missing = machine_transport_missing((enum machine_transport)t);
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "name", machine_transport_name[t]);
		cJSON_AddBoolToObject(o, "available", !missing);
		if (missing)
			cJSON_AddStringToObject(o, "reason", missing);
		cJSON_AddItemToArray(array, o);
	}
}

static int by_release(const void *a, const void *b)
{
	const struct bench_backend *const *x = a, *const *y = b;
	unsigned int rx = bench_decl(*x)->released, ry = bench_decl(*y)->released;

	return rx != ry ? (rx < ry ? -1 : 1) : strcmp((*x)->name, (*y)->name);
}

/* The strongest of sc, tso, pso and rc11 under which explore must find one of these, or "no". */
static const char *found_under(const struct kick_declaration *d, unsigned int violations)
{
	static const char *const model[] = { "sc", "tso", "pso", "rc11" };
	unsigned int models = 0;

	for (size_t i = 0; i < sizeof(d->explore) / sizeof(d->explore[0]) && d->explore[i].preset; i++)
		if (d->explore[i].finds & violations)
			models |= d->explore[i].models & KICK_M_ALL;
	return models ? model[__builtin_ctz(models)] : "no";
}

static void print_history(void)
{
	const struct bench_backend *past[64];
	size_t n = 0;

	for (size_t i = 0; i < bench_n_backends && n < sizeof(past) / sizeof(past[0]); i++)
		if (bench_decl(&bench_backends[i])->released)
			past[n++] = &bench_backends[i];
	qsort(past, n, sizeof(past[0]), by_release);
	printf("%-8s %-7s %-12s %-5s %-8s %-9s %s\n", "released", "kernel", "backend", "lost", "poisoned",
	       "wait cut", "what changed");
	for (size_t i = 0; i < n; i++) {
		const struct kick_declaration *d = bench_decl(past[i]);

		printf("%u-%02u  %-7s %-12s %-5s %-8s %-9s %s\n", d->released / 100, d->released % 100,
		       d->kernel, past[i]->name, found_under(d, KICK_V_LOST | KICK_V_WAKE),
		       found_under(d, KICK_V_POISONED), found_under(d, KICK_V_WAIT), d->changed);
	}
	puts("The strongest of sc, tso, pso and rc11 under which our model finds it (sc: without any\n"
	     "reordering), as declared; `explore --expect` confirms it up to the bounds of its presets.");
}

static int print_json(void)
{
	cJSON *all = cJSON_CreateObject(), *backends = cJSON_AddArrayToObject(all, "backends");
	cJSON *scenarios = cJSON_AddArrayToObject(all, "scenarios");
	struct bench_meter counters = prove_counters();

	for (size_t i = 0; i < bench_n_backends; i++) {
		const struct kick_declaration *d = bench_decl(&bench_backends[i]);
		cJSON *o = cJSON_CreateObject(), *has;

		cJSON_AddStringToObject(o, "name", bench_backends[i].name);
		cJSON_AddStringToObject(o, "summary", d->summary);
		cJSON_AddStringToObject(o, "origin", d->origin);
		cJSON_AddStringToObject(o, "world", kick_world(d));
		if (d->released) {
			cJSON_AddNumberToObject(o, "released", d->released);
			cJSON_AddStringToObject(o, "kernel", d->kernel);
			cJSON_AddStringToObject(o, "changed", d->changed);
		}
		has = cJSON_AddArrayToObject(o, "features");
		for (int f = 0; f < N_FEATURES; f++)
			if (d->features & features[f].bit)
				cJSON_AddItemToArray(has, cJSON_CreateString(features[f].name));
		cJSON_AddItemToArray(backends, o);
	}
	for (size_t i = 0; bench_scenarios()[i]; i++)
		cJSON_AddItemToArray(scenarios, cJSON_CreateString(bench_scenarios()[i]->name));
	add_transports(cJSON_AddArrayToObject(all, "transports"));
	cJSON_AddItemToObject(all, "counters", bench_perf_json(&counters));
	return verb_print_json(all);
}

static int run(struct opt_line *line)
{
	(void)line;
	if (command.what == NAMES)
		for (size_t i = 0; i < bench_n_backends; i++)
			puts(bench_backends[i].name);
	else if (command.what == HISTORY)
		print_history();
	else if (command.what == JSON)
		return print_json();
	else
		print_text();
	return EXIT_AS_STATED;
}

const struct verb verb_list = { &table, &command, run };
