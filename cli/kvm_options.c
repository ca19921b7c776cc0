// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of kickbench kvm. */
#include "cli/kvm_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "kvm/kick.h"
#include "kvm/knobs.h"

const char kvm_command_help[] =
	"usage: kickbench kvm [options]\n"
	"Runs a small guest under /dev/kvm and kicks it: what that costs, and whether a kick got lost.\n\n"
	"  --kick LIST           msi irqfd clock irqchip msr_filter pmu_filter dirty_log signal\n"
	"                        (default: all of them)\n"
	"  --seconds S           for all rows together (default 5)\n"
	"  --migrate             only rows whose vCPU is moved from PU to PU; else rows of both kinds\n"
	"  --seed N              of the pauses between kicks (default 1)\n"
	"  --out DIR             results folder (default results/runs/<UTC>-<host>)\n"
	"  --json                rows and verdict as JSON on stdout\n"
	"  --lab NAME=V[,...]    an experiment on the instrumented kvm.ko of docs/kernel-lab.md: a line of\n"
	"                        kernel-lab.csv on stdout; may be repeated. first=KICK second=KICK (msi),\n"
	"                        rounds=N (20), migrate=0|1 (1), gate=0|1 (1), early=0|1 (0),\n"
	"                        wait=T (50ms) for the second kick, delay=T (400ms) in the window;\n"
	"                        free=T,gate=0: no rounds, both kick unwatched for T (delay=0 then)\n\n"
	"Exit status: 0 none lost, 1 some lost, 4 no KVM to ask, 5 too little happened to say anything.\n";

enum { O_SECONDS = 256, O_KICK, O_MIGRATE, O_SEED, O_OUT, O_JSON, O_LAB, O_HELP };

static const struct option longopts[] = {
	{ "seconds", required_argument, NULL, O_SECONDS },
	{ "kick", required_argument, NULL, O_KICK },
	{ "migrate", no_argument, NULL, O_MIGRATE },
	{ "seed", required_argument, NULL, O_SEED },
	{ "out", required_argument, NULL, O_OUT },
	{ "json", no_argument, NULL, O_JSON },
	{ "lab", required_argument, NULL, O_LAB },
	{ "help", no_argument, NULL, O_HELP },
	{ 0 },
};

/* All but the floor, which is always measured. */
static int find_kick(const char *name, const struct kvm_kick **kick)
{
	const char *known[KVM_MAX_KICKS];
	size_t n = 0;

	for (const struct kvm_kick *k = kvm_kicks + 1; k->name; k++)
		known[n++] = k->name;
	*kick = kvm_kick_find(name);
	return *kick && *kick != kvm_kicks ? EXIT_AS_STATED : unknown_name("kick", name, known, n);
}

static int take_kicks(struct kvm_options *o, const struct opt_list *list)
{
	int failed = 0;

	o->n_kicks = 0;
	for (size_t i = 0; !failed && i < list->n; i++) {
		const struct kvm_kick *kick = NULL;

		failed = find_kick(list->item[i], &kick);
		for (size_t k = 0; !failed && k < o->n_kicks; k++)
			if (o->kick[k] == kick)
				failed = usage_error("kvm: --kick names %s twice", kick->name);
		if (!failed)
			o->kick[o->n_kicks++] = kick;
	}
	return failed;
}

static int take_flag(const char *name, const char *value, bool *to)
{
	*to = value[0] == '1';
	return !strcmp(value, "0") || !strcmp(value, "1")
		       ? 0
		       : usage_error("kvm: --lab %s wants 0 or 1, not '%s'", name, value);
}

static int take_time(const char *name, const char *value, uint64_t *ns)
{
	if (!opt_duration_ns(value, ns) && *ns >= 1000 && *ns <= UINT64_C(60000000000))
		return EXIT_AS_STATED;
	return usage_error("kvm: --lab %s wants a time of 1us to 60s, not '%s'", name, value);
}

static int take_lab_kick(const char *value, const struct kvm_kick **kick)
{
	int failed = find_kick(value, kick);

	if (!failed && !strcmp(value, "signal"))
		failed = usage_error("kvm: --lab is about kicks, and a signal is none");
	return failed;
}

static int take_lab_item(struct kvm_lab_options *lab, char *item)
{
	char *value = strchr(item, '=');

	if (!value)
		return usage_error("kvm: --lab takes NAME=VALUE, not '%s' (see --help)", item);
	*value++ = '\0';
	if (!strcmp(item, "first") || !strcmp(item, "second"))
		return take_lab_kick(value, *item == 'f' ? &lab->first : &lab->second);
	if (!strcmp(item, "rounds"))
		return !opt_u64(value, &lab->rounds) && lab->rounds >= 1 && lab->rounds <= 1000000
			       ? 0
			       : usage_error("kvm: --lab rounds wants 1..1000000, not '%s'", value);
	if (!strcmp(item, "migrate"))
		return take_flag(item, value, &lab->migrate);
	if (!strcmp(item, "gate"))
		return take_flag(item, value, &lab->gate);
	if (!strcmp(item, "early"))
		return take_flag(item, value, &lab->early);
	if (!strcmp(item, "wait"))
		return take_time(item, value, &lab->wait_ns);
	if (!strcmp(item, "delay"))
		return take_time(item, value, &lab->delay_ns);
	if (!strcmp(item, "free"))
		return take_time(item, value, &lab->free_ns);
	return usage_error("kvm: --lab knows no '%s' (see --help)", item);
}

static int take_lab(struct kvm_command *c, const struct opt_list *list)
{
	struct kvm_lab_options *lab = &c->lab[c->n_labs];
	int failed = 0;

	if (c->n_labs == KVM_MAX_LABS)
		return usage_error("kvm: --lab is taken %d times at most", KVM_MAX_LABS);
	*lab = (struct kvm_lab_options){ .first = kvm_kick_find("msi"),
					 .second = kvm_kick_find("msi"),
					 .rounds = 20,
					 .migrate = true,
					 .gate = true,
					 .wait_ns = 50000000,
					 .knobs = KVM_KNOBS };
	for (size_t i = 0; !failed && i < list->n; i++)
		failed = take_lab_item(lab, list->item[i]);
	c->n_labs++;
	if (!failed && lab->free_ns && lab->gate)
		failed = usage_error("kvm: --lab free wants gate=0: nobody would open it");
	if (!lab->delay_ns && !lab->free_ns)
		lab->delay_ns = 400000000;
	return failed;
}

static int take_list(struct kvm_command *c, int option, const char *value)
{
	struct opt_list list;
	int failed;

	if (opt_list_parse(value, &list))
		return usage_error("kvm: an item of '%s' is empty", value);
	failed = option == O_KICK ? take_kicks(&c->kvm, &list) : take_lab(c, &list);
	opt_list_free(&list);
	return failed;
}

static int take(struct kvm_command *c, int option, const char *value)
{
	switch (option) {
	case O_SECONDS:
		if (!opt_double(value, &c->kvm.seconds) && c->kvm.seconds > 0 &&
		    c->kvm.seconds <= 1e6)
			return EXIT_AS_STATED;
		return usage_error("kvm: --seconds wants a positive number, not '%s'", value);
	case O_SEED:
		return opt_u64(value, &c->kvm.seed) ? usage_error("kvm: '%s' is no seed", value)
						    : 0;
	case O_MIGRATE:
		c->kvm.only_migrate = true;
		return EXIT_AS_STATED;
	case O_JSON:
		c->json = true;
		return EXIT_AS_STATED;
	case O_HELP:
		c->help = true;
		return EXIT_AS_STATED;
	case O_OUT:
		c->out = value;
		return EXIT_AS_STATED;
	default:
		return take_list(c, option, value);
	}
}

int kvm_command_parse(struct kvm_command *c, int argc, char **argv)
{
	int option, failed = 0;

	*c = (struct kvm_command){ 0 };
	kvm_options_init(&c->kvm);
	optind = 1;
	opterr = 0;
	while (!failed && (option = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (option == '?')
			return usage_error("kvm: unknown option '%s' (see --help)",
					   argv[optind - 1]);
		if (option == ':')
			return usage_error("kvm: option '%s' wants a value", argv[optind - 1]);
		failed = take(c, option, optarg);
	}
	if (!failed && !c->help && optind < argc)
		return usage_error("kvm: unexpected argument '%s'", argv[optind]);
	if (!failed && c->n_labs && (c->out || c->json))
		return usage_error(
			"kvm: --lab writes its lines to stdout, without --out and --json");
	return failed;
}
