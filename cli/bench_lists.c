// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of bench whose value is a list: names that must be known, counts, rates. */
#include "cli/bench_lists.h"

#include <string.h>

#include "cli/exit_code.h"

/* The items of a list option; they live as long as the command. */
static int take_list(struct bench_command *command, const char *option, const char *text,
		     struct opt_list **list)
{
	*list = &command->lists[command->n_lists];
	if (command->n_lists == sizeof(command->lists) / sizeof(command->lists[0]))
		return usage_error("--%s: too many list options", option);
	if (opt_list_parse(text, *list))
		return usage_error("--%s '%s': expected a list such as a,b,c", option, text);
	command->n_lists++;
	if ((*list)->n > BENCH_MAX_LIST)
		return usage_error("--%s: at most %d items", option, BENCH_MAX_LIST);
	return 0;
}

static int unknown_backend(const char *name)
{
	const char *known[BENCH_MAX_LIST * 2];
	size_t n = 0;

	for (; n < bench_n_backends && n < sizeof(known) / sizeof(known[0]); n++)
		known[n] = bench_backends[n].name;
	return unknown_name("backend", name, known, n);
}

int bench_take_backends(struct bench_command *command, const char *text)
{
	struct bench_options *o = &command->bench;
	struct opt_list *list;
	int failed = take_list(command, "backend", text, &list);

	if (failed)
		return failed;
	o->n_backends = 0;
	if (list->n == 1 && !strcmp(list->item[0], "all")) {
		for (; o->n_backends < bench_n_backends && o->n_backends < BENCH_MAX_LIST; o->n_backends++)
			o->backend[o->n_backends] = &bench_backends[o->n_backends];
		return 0;
	}
	for (size_t i = 0; i < list->n; i++) {
		const struct bench_backend *b = bench_backend_find(list->item[i]);

		if (!b)
			return unknown_backend(list->item[i]);
		for (size_t k = 0; k < o->n_backends; k++)
			if (o->backend[k] == b)
				return usage_error("--backend: '%s' stands there twice", b->name);
		o->backend[o->n_backends++] = b;
	}
	return 0;
}

int bench_take_scenarios(struct bench_command *command, const char *text)
{
	struct bench_options *o = &command->bench;
	const char *known[BENCH_MAX_LIST];
	size_t n_known = 0;
	struct opt_list *list;
	int failed = take_list(command, "scenario", text, &list);

	if (failed)
		return failed;
	for (; bench_scenarios()[n_known]; n_known++)
		known[n_known] = bench_scenarios()[n_known]->name;
	o->n_scenarios = 0;
	for (size_t i = 0; i < list->n; i++) {
		size_t k = 0;

		while (k < n_known && strcmp(known[k], list->item[i]))
			k++;
		if (k == n_known)
			return unknown_name("scenario", list->item[i], known, n_known);
		o->scenario[o->n_scenarios++] = bench_scenarios()[k];
	}
	return 0;
}

int bench_take_distances(struct bench_command *command, const char *text)
{
	struct opt_list *list;
	int failed = take_list(command, "distance", text, &list);

	command->bench.distances = 0;
	for (size_t i = 0; !failed && i < list->n; i++) {
		const char *known[TOPO_N_DISTANCES];
		enum topo_distance d;

		for (int k = 0; k < TOPO_N_DISTANCES; k++)
			known[k] = topo_distance_name((enum topo_distance)k);
		if (topo_distance_parse(list->item[i], &d))
			return unknown_name("distance", list->item[i], known, TOPO_N_DISTANCES);
		command->bench.distances |= TOPO_BIT(d);
	}
	return failed;
}

int bench_take_transports(struct bench_command *command, const char *text)
{
	struct opt_list *list;
	int failed = take_list(command, "transport", text, &list);

	command->bench.transports = 0;
	for (size_t i = 0; !failed && i < list->n; i++) {
		int t = 0;

		while (t < MACHINE_N_TRANSPORTS && strcmp(machine_transport_name[t], list->item[i]))
			t++;
		if (t == MACHINE_N_TRANSPORTS)
			return unknown_name("transport", list->item[i], machine_transport_name,
					    MACHINE_N_TRANSPORTS);
		command->bench.transports |= 1u << t;
	}
	return failed;
}

/* A list of counts of least..most. */
static int take_ints(struct bench_command *command, const char *option, const char *text, int least,
		     int most, int *ints, size_t *n)
{
	struct opt_list *list;
	int failed = take_list(command, option, text, &list);

	*n = 0;
	for (size_t i = 0; !failed && i < list->n; i++) {
		uint64_t value;

		if (opt_u64(list->item[i], &value) || value < (uint64_t)least || value > (uint64_t)most)
			return usage_error("--%s '%s': expected %d..%d", option, list->item[i], least, most);
		ints[(*n)++] = (int)value;
	}
	return failed;
}

int bench_take_kickers(struct bench_command *command, const char *text)
{
	return take_ints(command, "kickers", text, 1, MACHINE_MAX_KICKERS - 1, command->bench.kickers,
			 &command->bench.n_kickers);
}

int bench_take_pcpus(struct bench_command *command, const char *text)
{
	return take_ints(command, "pcpus", text, 1, KICK_MAX_CPUS - MACHINE_MAX_KICKERS,
			 command->bench.pcpus, &command->bench.n_pcpus);
}

int bench_take_vcpus(struct bench_command *command, const char *text)
{
	return take_ints(command, "vcpus", text, 1, 4096, command->bench.vcpus,
			 &command->bench.n_vcpus);
}

int bench_take_in_guest(struct bench_command *command, const char *text)
{
	return take_ints(command, "in-guest", text, 0, 100, command->bench.in_guest_pct,
			 &command->bench.n_in_guest_pct);
}

/* A rate such as 20k; never negative. */
int bench_take_rate(const char *option, const char *text, uint64_t least, double *rate)
{
	uint64_t n;

	if (opt_u64(text, &n) || n < least || n > 100000000)
		return usage_error("--%s '%s': expected %llu..100M per second", option, text,
				   (unsigned long long)least);
	*rate = (double)n;
	return 0;
}

int bench_take_migrations(struct bench_command *command, const char *text)
{
	struct bench_options *o = &command->bench;
	struct opt_list *list;
	int failed = take_list(command, "migrations-per-s", text, &list);

	o->n_migrations = 0;
	for (size_t i = 0; !failed && i < list->n; i++)
		failed = bench_take_rate("migrations-per-s", list->item[i], 0,
					 &o->migrations[o->n_migrations++]);
	return failed;
}

int bench_take_names(struct bench_command *command, const char *option, const char *text,
		     const char *const *known, size_t n_known, const char **names, size_t *n)
{
	struct opt_list *list;
	int failed = take_list(command, option, text, &list);

	*n = 0;
	for (size_t i = 0; !failed && i < list->n; i++) {
		size_t k = 0;

		while (k < n_known && strcmp(known[k], list->item[i]))
			k++;
		if (k == n_known)
			return unknown_name(option, list->item[i], known, n_known);
		names[(*n)++] = list->item[i];
	}
	return failed;
}

int bench_take_perf(const char *text, struct perf_set *set, const struct perf_set **chosen)
{
	char err[512];

	*set = (struct perf_set){ 0 };
	*chosen = set;
	if (!strcmp(text, "auto"))
		*chosen = NULL;
	else if (strcmp(text, "off") && perf_set_add(set, text, err, sizeof(err)))
		return usage_error("--perf %s", err);
	return 0;
}
