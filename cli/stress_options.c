// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of kickbench stress. */
#include "cli/stress_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/opt.h"

const char stress_command_help[] =
	"usage: kickbench stress [options]\n"
	"Runs kickers and vCPUs at random, with an oracle beside them that knows a lost kick.\n\n"
	"  --backend LIST        protocols (default: all that have one)\n"
	"  --seconds S           per protocol (default 3)\n"
	"  --seed N              of the script and of all delays (default 1); threads do not repeat\n"
	"  --windows LIST        all, none, or names: where half of the phases may linger. cpu-claim\n"
	"                        before-claim claim-ipi request-mode cpu-checked load-enter mode-check\n"
	"                        exit check-sleep walk (default all)\n"
	"  --transport doorbell  how an IPI reaches its target\n"
	"  --expect              judge the declaration: a broken protocol is to be caught (exit 0)\n"
	"  --out DIR             results folder (default results/runs/<UTC>-<host>)\n"
	"  --json                verdicts as JSON on stdout\n\n"
	"The script\n"
	"  --kickers N, --carriers N    threads (default: by the machine)\n"
	"  --vcpus N, --pcpus N         per carrier (default 2 and 6)\n"
	"  --events N                   things that happen to each vCPU per second (default 50k)\n"
	"  --think T                    a kicker's longest pause between two kicks (default 4us)\n"
	"  --delay T                    the longest delay in a window (default 10us)\n"
	"  --weights NAME=N[,NAME=N]    of kicks (kick bare quiet mask bare-mask wait kick-wait retire),\n"
	"                               of events (migrate exit block walk self neighbour offline)\n"
	"  --faults LIST                stalls late-ipis load no-memory: signals that stop threads,\n"
	"                               IPIs that stay pending, computing beside, masks without memory\n\n"
	"Exit status: 0 no violation, 1 violation, 5 too little happened to say anything.\n";

enum {
	O_BACKEND = 256,
	O_SECONDS,
	O_SEED,
	O_WINDOWS,
	O_TRANSPORT,
	O_EXPECT,
	O_OUT,
	O_JSON,
	O_KICKERS,
	O_CARRIERS,
	O_VCPUS,
	O_PCPUS,
	O_EVENTS,
	O_THINK,
	O_DELAY,
	O_WEIGHTS,
	O_FAULTS,
	O_HELP,
};

static const struct option longopts[] = {
	{ "backend", required_argument, NULL, O_BACKEND },
	{ "seconds", required_argument, NULL, O_SECONDS },
	{ "seed", required_argument, NULL, O_SEED },
	{ "windows", required_argument, NULL, O_WINDOWS },
	{ "transport", required_argument, NULL, O_TRANSPORT },
	{ "expect", no_argument, NULL, O_EXPECT },
	{ "out", required_argument, NULL, O_OUT },
	{ "json", no_argument, NULL, O_JSON },
	{ "kickers", required_argument, NULL, O_KICKERS },
	{ "carriers", required_argument, NULL, O_CARRIERS },
	{ "vcpus", required_argument, NULL, O_VCPUS },
	{ "pcpus", required_argument, NULL, O_PCPUS },
	{ "events", required_argument, NULL, O_EVENTS },
	{ "think", required_argument, NULL, O_THINK },
	{ "delay", required_argument, NULL, O_DELAY },
	{ "weights", required_argument, NULL, O_WEIGHTS },
	{ "faults", required_argument, NULL, O_FAULTS },
	{ "help", no_argument, NULL, O_HELP },
	{ 0 },
};

/* -> index, or -1. */
static int find(const char *name, size_t length, const char *const *known, int n)
{
	for (int i = 0; i < n; i++)
		if (strlen(known[i]) == length && !memcmp(known[i], name, length))
			return i;
	return -1;
}

static int take_backends(struct stress_command *c, const struct opt_list *list)
{
	const char *known[256];
	size_t n = 0, total = 0;

	for (; stress_backends[total] && total < 256; total++)
		known[total] = stress_backends[total]->name;
	free(c->backend);
	c->backend = calloc(total + list->n, sizeof(void *));
	if (!c->backend)
		return env_error("out of memory");
	for (size_t i = 0; i < list->n; i++) {
		const struct stress_backend *b = stress_backend_find(list->item[i]);

		if (!strcmp(list->item[i], "all"))
			for (size_t k = 0; list->n == 1 && k < total; k++)
				c->backend[n++] = stress_backends[k];
		else if (b)
			c->backend[n++] = b;
		else
			return unknown_name("backend", list->item[i], known, total);
	}
	c->n_backends = n;
	return n ? EXIT_AS_STATED : usage_error("stress: no backend");
}

/* Names of `known` as bits; "all" and "none" where they are allowed. */
static int take_bits(const struct opt_list *list, const char *what, const char *const *known, int n,
		     bool all_and_none, unsigned int *bits)
{
	*bits = 0;
	for (size_t i = 0; i < list->n; i++) {
		int at = find(list->item[i], strlen(list->item[i]), known, n);

		if (at >= 0)
			*bits |= 1u << at;
		else if (all_and_none && list->n == 1 && !strcmp(list->item[i], "all"))
			*bits = (1u << n) - 1;
		else if (!(all_and_none && list->n == 1 && !strcmp(list->item[i], "none")))
			return unknown_name(what, list->item[i], known, (size_t)n);
	}
	return EXIT_AS_STATED;
}

static int take_weights(struct stress_command *c, const struct opt_list *list)
{
	unsigned int ops = 0, events = 0;

	for (size_t i = 0; i < list->n; i++) {
		const char *is = strchr(list->item[i], '=');
		size_t length = is ? (size_t)(is - list->item[i]) : 0;
		int op = find(list->item[i], length, stress_op_name, STRESS_N_OPS);
		int event = find(list->item[i], length, stress_event_name, STRESS_N_EVENTS);
		uint64_t weight;

		if (!is || opt_u64(is + 1, &weight) || weight > 1000000 || (op < 0 && event < 0))
			return usage_error("stress: '%s' is no weight (see --help)", list->item[i]);
		if (op >= 0)
			c->stress.weight[op] = (unsigned int)weight;
		else
			c->stress.event_weight[event] = (unsigned int)weight;
	}
	for (int i = 0; i < STRESS_N_OPS; i++)
		ops += c->stress.weight[i];
	for (int i = 0; i < STRESS_N_EVENTS; i++)
		events += c->stress.event_weight[i];
	return ops && events ? EXIT_AS_STATED : usage_error("stress: some weight must not be 0");
}

static int take_list(struct stress_command *c, int option, const char *value)
{
	static const char *const faults[] = { "stalls", "late-ipis", "load", "no-memory" };
	struct opt_list list;
	int code;

	if (opt_list_parse(value, &list))
		return usage_error("stress: an item of '%s' is empty", value);
	if (option == O_BACKEND)
		code = take_backends(c, &list);
	else if (option == O_WINDOWS)
		code = take_bits(&list, "window", stress_window_name, KICK_N_WINDOWS, true,
				 &c->stress.windows);
	else if (option == O_FAULTS)
		code = take_bits(&list, "fault", faults, 4, true, &c->stress.faults);
	else
		code = take_weights(c, &list);
	opt_list_free(&list);
	return code;
}

static int take_count(const char *name, const char *value, uint64_t limit, int *out)
{
	uint64_t v;

	if (opt_u64(value, &v) || v < 1 || v > limit)
		return usage_error("stress: --%s wants 1..%llu, not '%s'", name,
				   (unsigned long long)limit, value);
	*out = (int)v;
	return EXIT_AS_STATED;
}

static int take_seconds(struct stress_command *c, const char *value)
{
	double seconds;

	if (opt_double(value, &seconds) || seconds <= 0 || seconds > 1e6)
		return usage_error("stress: --seconds wants a positive number, not '%s'", value);
	c->stress.duration_ns = (uint64_t)(seconds * 1e9);
	return EXIT_AS_STATED;
}

static int take_time(const char *name, const char *value, uint64_t *ns)
{
	if (opt_duration_ns(value, ns) || *ns > 1000000000)
		return usage_error("stress: --%s wants a time up to 1s, not '%s'", name, value);
	return EXIT_AS_STATED;
}

static int take_rate(struct stress_command *c, const char *value)
{
	uint64_t v;

	if (opt_u64(value, &v) || v < 1 || v > 10000000)
		return usage_error("stress: --events wants 1..10M, not '%s'", value);
	c->stress.events_per_s = (double)v;
	return EXIT_AS_STATED;
}

static int take(struct stress_command *c, int option, const char *value)
{
	static const char *const transports[] = { "doorbell" };
	struct stress_options *o = &c->stress;

	switch (option) {
	case O_SECONDS:
		return take_seconds(c, value);
	case O_SEED:
		return opt_u64(value, &o->seed) ? usage_error("stress: '%s' is no seed", value) : 0;
	case O_TRANSPORT:
		return strcmp(value, "doorbell") ? unknown_name("transport", value, transports, 1)
						 : 0;
	case O_OUT:
		c->out = value;
		return EXIT_AS_STATED;
	case O_KICKERS:
		return take_count("kickers", value, 64, &o->kickers);
	case O_CARRIERS:
		return take_count("carriers", value, 16, &o->carriers);
	case O_VCPUS:
		return take_count("vcpus", value, 32, &o->vcpus_per_carrier);
	case O_PCPUS:
		return take_count("pcpus", value, 64, &o->pcpus_per_carrier);
	case O_EVENTS:
		return take_rate(c, value);
	case O_THINK:
		return take_time("think", value, &o->think_ns);
	case O_DELAY:
		return take_time("delay", value, &o->delay_ns);
	default:
		return take_list(c, option, value);
	}
}

static int finish(struct stress_command *c)
{
	const struct stress_options *o = &c->stress;
	char *all[] = { (char *)"all" };
	struct opt_list list = { all, 1 };

	if (o->pcpus_per_carrier <= o->vcpus_per_carrier)
		return usage_error(
			"stress: a carrier needs more pCPUs than vCPUs, else none can move");
	return c->backend ? EXIT_AS_STATED : take_backends(c, &list);
}

int stress_command_parse(struct stress_command *c, int argc, char **argv)
{
	int option, failed = 0;

	*c = (struct stress_command){ 0 };
	stress_options_init(&c->stress);
	optind = 1;
	opterr = 0;
	while (!failed && (option = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (option == '?')
			return usage_error("stress: unknown option '%s' (see --help)",
					   argv[optind - 1]);
		if (option == ':')
			return usage_error("stress: option '%s' wants a value", argv[optind - 1]);
		if (option == O_EXPECT)
			c->expect = c->stress.until_found = true;
		else if (option == O_JSON)
			c->json = true;
		else if (option == O_HELP)
			c->help = true;
		else
			failed = take(c, option, optarg);
	}
	if (failed || c->help)
		return failed;
	if (optind < argc)
		return usage_error("stress: unexpected argument '%s'", argv[optind]);
	return finish(c);
}
