// SPDX-License-Identifier: GPL-2.0-or-later
/* Option arguments: what is taken, what is refused and how, and which exit code wins. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/plan/plan.h"
#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "stress/stress.h"

struct sample {
	const char *text;
	int error;
	uint64_t value;
};

static const struct sample numbers[] = {
	{ "0", 0, 0 },
	{ "12", 0, 12 },
	{ "007", 0, 7 },
	{ "1k", 0, 1000 },
	{ "2M", 0, 2000000 },
	{ "3G", 0, 3000000000 },
	{ "18446744073709551615", 0, UINT64_MAX },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "18446744073709552k", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "1K", -EINVAL, 0 },
	{ "1.5k", -EINVAL, 0 },
	{ "0x10", -EINVAL, 0 },
	{ "k", -EINVAL, 0 },
	{ "18446744073709551616x", -EINVAL, 0 },
};

static const struct sample durations[] = {
	{ "500ns", 0, 500 },
	{ "10us", 0, 10000 },
	{ "50ms", 0, 50000000 },
	{ "2s", 0, 2000000000 },
	{ "3m", 0, 180000000000 },
	{ "0s", 0, 0 },
	{ "5", 0, 5000000000 },
	{ "0.5", 0, 500000000 },
	{ "1.5ms", 0, 1500000 },
	{ "0.000000001", 0, 1 },
	{ "0.0000000019", 0, 1 },
	{ "18446744073.709551615", 0, UINT64_MAX },
	{ "18446744073.709551616", -ERANGE, 0 },
	{ "5.", -EINVAL, 0 },
	{ ".5", -EINVAL, 0 },
	{ "0x5", -EINVAL, 0 },
	{ "1e3", -EINVAL, 0 },
	{ "+5ms", -EINVAL, 0 },
	{ " 5ms", -EINVAL, 0 },
	{ "-50ms", -EINVAL, 0 },
	{ "50 ms", -EINVAL, 0 },
	{ "1h", -EINVAL, 0 },
	{ "ms", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ "307445735m", -ERANGE, 0 },
};

static void parse_all(int (*parse)(const char *, uint64_t *), const struct sample *sample, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t value = 4711;
		int error = parse(sample[i].text, &value);

		if (error != sample[i].error || value != (error ? 4711 : sample[i].value))
			fail_msg("'%s': %d, %ju", sample[i].text, error, (uintmax_t)value);
	}
}

static void numbers_are_whole_strings(void **state)
{
	(void)state;
	parse_all(opt_u64, numbers, sizeof(numbers) / sizeof(numbers[0]));
}

static void times_are_seconds_or_have_a_unit(void **state)
{
	(void)state;
	parse_all(opt_duration_ns, durations, sizeof(durations) / sizeof(durations[0]));
}

static void reals_are_decimal(void **state)
{
	static const char *const refused[] = { "",  " 1",  "1x",  "nan", "inf", "-inf", "0x1", "1e3",
					       "1.", ".5", "+1",  "-",	 "1,5", "1.5.5" };
	double v = 4711;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(opt_double(refused[i], &v), -EINVAL);
	assert_float_equal(v, 4711, 0);
	assert_int_equal(opt_double("-2.5", &v), 0);
	assert_float_equal(v, -2.5, 0);
	assert_int_equal(opt_double("0.05", &v), 0);
	assert_float_equal(v, 0.05, 1e-15);
}

static void lists_have_no_empty_items(void **state)
{
	static const char *const refused[] = { "", ",", "a,", ",a", "a,,b" };
	struct opt_list list;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(opt_list_parse(refused[i], &list), -EINVAL);
	assert_int_equal(opt_list_parse("old", &list), 0);
	assert_int_equal(list.n, 1);
	opt_list_free(&list);
	assert_int_equal(opt_list_parse("old,patched,x y", &list), 0);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.item[0], "old");
	assert_string_equal(list.item[1], "patched");
	assert_string_equal(list.item[2], "x y");
	opt_list_free(&list);
	assert_int_equal(list.n, 0);
	opt_list_free(&list);
}

static void a_near_name_is_meant(void **state)
{
	static const char *const known[] = { "backend", "scenario", "respawn", "resume", "reps" };

	(void)state;
	assert_string_equal(opt_nearest("backned", known, 5), "backend");
	assert_string_equal(opt_nearest("resp", known, 5), "respawn"); /* its beginning */
	assert_string_equal(opt_nearest("rep", known, 5), "reps");
	assert_string_equal(opt_nearest("scenarios", known, 5), "scenario");
	assert_null(opt_nearest("window", known, 5));
	assert_null(opt_nearest("", known, 5));
	assert_null(opt_nearest("x", known, 5));
}

/* A table with every kind of option, and what it fills. */
enum colour { RED, GREEN, BLUE };

static struct command {
	bool flag;
	enum colour colour, chosen_by_flag;
	const char *text, *word;
	uint64_t number, time;
	size_t size;
	int small;
	double seconds, rate, real;
	unsigned int bits;
	int counts[4];
	double rates[4];
	const char *words[4];
	size_t n_counts, n_rates, n_words, n_items, n_set;
	bool optional;
} c;

static const char *const colours[] = { "red", "green", "blue" };

static const char *warm_or_cold(size_t i)
{
	return i == BLUE ? "cold" : "warm";
}

static int take_items(void *command, const struct opt_value *v)
{
	((struct command *)command)->n_items += v->n;
	return 0;
}

static int take_set(void *command, const struct opt_value *v)
{
	((struct command *)command)->n_set = v->n;
	return 0;
}

static int take_optional(void *command, const struct opt_value *v)
{
	((struct command *)command)->optional = true;
	((struct command *)command)->colour = v->n ? (enum colour)v->index[0] : RED;
	return 0;
}

enum { IN_FLAG = 1, IN_BLUE = 2 };
static const char *const with_alone[] = { "flag", NULL };

static const struct opt options[] = {
	{ .name = "flag", .kind = OPT_FLAG, .doc = "", OPT_TO(struct command, flag) },
	{ .name = "blue", .kind = OPT_FLAG, .doc = "", .store = BLUE,
	  OPT_TO(struct command, chosen_by_flag) },
	{ .name = "text", .kind = OPT_TEXT, .doc = "", OPT_TO(struct command, text) },
	{ .name = "number", .kind = OPT_NUMBER, .doc = "", .preset = "7", OPT_TO(struct command, number) },
	{ .name = "size", .kind = OPT_NUMBER, .doc = "", .least = 2, OPT_TO(struct command, size) },
	{ .name = "small", .kind = OPT_NUMBER, .doc = "", .least = 1, .most = 64,
	  OPT_TO(struct command, small) },
	{ .name = "rate", .kind = OPT_NUMBER, .doc = "", OPT_TO(struct command, rate) },
	{ .name = "time", .kind = OPT_TIME, .doc = "", .least = 1000, .most = 2000000000,
	  OPT_TO(struct command, time) },
	{ .name = "seconds", .kind = OPT_TIME, .doc = "", OPT_TO(struct command, seconds) },
	{ .name = "real", .kind = OPT_REAL, .doc = "", .high = 1, .open = true,
	  OPT_TO(struct command, real) },
	{ .name = "colour", .kind = OPT_CHOICE, .doc = "", OPT_NAMES_OF(colours),
	  OPT_TO(struct command, colour) },
	{ .name = "word", .kind = OPT_CHOICE, .doc = "", OPT_NAMES_OF(colours),
	  OPT_TO(struct command, word) },
	{ .name = "bits", .kind = OPT_NAMES, .doc = "", OPT_NAMES_OF(colours), .none = true,
	  OPT_TO(struct command, bits) },
	{ .name = "words", .kind = OPT_NAMES, .doc = "", OPT_NAMES_OF(colours), .group_of = warm_or_cold,
	  OPT_TO_ARRAY(struct command, words, n_words) },
	{ .name = "set", .kind = OPT_NAMES, .doc = "", OPT_NAMES_OF(colours), .no_all = true,
	  .take = take_set },
	{ .name = "counts", .kind = OPT_NUMBERS, .doc = "", .least = 1, .most = 9000,
	  OPT_TO_ARRAY(struct command, counts, n_counts) },
	{ .name = "rates", .kind = OPT_NUMBERS, .doc = "", OPT_TO_ARRAY(struct command, rates, n_rates) },
	{ .name = "items", .kind = OPT_LIST, .doc = "", .take = take_items },
	{ .name = "maybe", .kind = OPT_CHOICE, .doc = "", OPT_NAMES_OF(colours), .optional = true,
	  .take = take_optional },
	{ .name = "in-flag", .kind = OPT_FLAG, .doc = "", .only = IN_FLAG },
	{ .name = "no-blue", .kind = OPT_FLAG, .doc = "", .never = IN_BLUE },
	{ .name = "alone", .kind = OPT_FLAG, .doc = "", .alone = with_alone },
	{ 0 },
};

static uint32_t moods(const void *command)
{
	const struct command *of = command;

	return (of->flag ? IN_FLAG : 0) | (of->chosen_by_flag == BLUE ? IN_BLUE : 0);
}

static const char *const mood[] = { "--flag", "--blue" };

static const struct opt_table table = {
	.verb = "test", .usage = "", .about = "", .option = options, .size = sizeof(c), .operand = "FILE",
	.moods = moods, .mood = mood,
};

/* A command line in words; what it leaves of operands. */
static char line_text[512], *words[32];
static struct opt_line line;

static int parse(const char *text)
{
	snprintf(line_text, sizeof(line_text), "test %s", text);
	line = (struct opt_line){ .argv = words };
	for (char *word = strtok(line_text, " "); word; word = strtok(NULL, " "))
		words[line.argc++] = word;
	return opt_parse(&table, &c, &line);
}

static void every_kind_goes_where_it_belongs(void **state)
{
	(void)state;
	assert_int_equal(parse("--flag --blue --text x=y --number=2k --size 3 --small 64 --rate 10k "
			       "--time 1.5ms --seconds 500ms --real 0.5 --colour green --word blue"), 0);
	assert_true(c.flag);
	assert_int_equal(c.chosen_by_flag, BLUE);
	assert_string_equal(c.text, "x=y");
	assert_int_equal(c.number, 2000);
	assert_int_equal(c.size, 3);
	assert_int_equal(c.small, 64);
	assert_float_equal(c.rate, 10000, 0);
	assert_int_equal(c.time, 1500000);
	assert_float_equal(c.seconds, 0.5, 1e-12);
	assert_float_equal(c.real, 0.5, 0);
	assert_int_equal(c.colour, GREEN);
	assert_string_equal(c.word, "blue");
	assert_int_equal(parse("--bits red,blue --words blue,red --counts 3,1k --rates=0,2M "
			       "--items a=1,b=2"), 0);
	assert_int_equal(c.bits, 5);
	assert_int_equal(c.n_words, 2);
	assert_string_equal(c.words[0], "blue");
	assert_int_equal(c.n_counts, 2);
	assert_int_equal(c.counts[1], 1000);
	assert_float_equal(c.rates[1], 2e6, 0);
	assert_int_equal(c.n_items, 2);
	assert_int_equal(c.number, 7); /* the preset */
	assert_int_equal(parse("--maybe --number 1"), 0);
	assert_true(c.optional && c.colour == RED && c.number == 1);
	assert_int_equal(parse("--maybe=blue"), 0);
	assert_int_equal(c.colour, BLUE);
}

static void words_stand_for_names(void **state)
{
	(void)state;
	assert_int_equal(parse("--bits all --words all"), 0);
	assert_int_equal(c.bits, 7);
	assert_int_equal(c.n_words, 3);
	assert_int_equal(parse("--bits none --words warm,blue"), 0);
	assert_int_equal(c.bits, 0);
	assert_int_equal(c.n_words, 3);
	assert_int_equal(parse("--words cold,warm"), 0);
	assert_int_equal(c.n_words, 3);
	assert_string_equal(c.words[0], "blue");
	assert_int_equal(parse("--number 1 --number 2 --words red,blue --words green"), 0);
	assert_int_equal(c.number, 2); /* the last one counts */
	assert_int_equal(c.n_words, 1);
}

static void operands_keep_their_order(void **state)
{
	(void)state;
	assert_int_equal(parse("a --flag b --number 3 - -- --c"), 0);
	assert_int_equal(line.n_operands, 4);
	assert_string_equal(line.operand[0], "a");
	assert_string_equal(line.operand[1], "b");
	assert_string_equal(line.operand[2], "-");
	assert_string_equal(line.operand[3], "--c");
	assert_true(c.flag && c.number == 3);
	assert_int_equal(parse("--help --nonsense"), 0);
	assert_true(line.help);
}

static void what_is_not_of_the_table_is_refused(void **state)
{
	static const char *const refused[] = {
		"--fla", "--flags", "-f", "--flag=1", "--number", "--number --flag", "--number 0x10",
		"--number 1e3", "--number +1", "--number -1", "--number=", "--number 18446744073709551616",
		"--size 1", "--small 0", "--small 65", "--time 999", "--time 999ns", "--time 2001ms",
		"--time 1h", "--real 0", "--real 1", "--real -0.5", "--real 1e-1", "--text=", "--colour rot",
		"--colour red,green", "--colour all", "--bits red,red", "--bits all,red", "--bits none,all",
		"--bits red,,blue", "--bits red,", "--words red,warm", "--words none", "--set all",
		"--words cold,blue", "--words hot",
		"--counts 1,1", "--counts 1,01", "--counts 1k,1000", "--counts 1,0", "--counts 1,2,3,4,5",
		"--items a,a", "--items a=1,a=2", "--maybe=pink", "--in-flag", "--no-blue --blue",
		"--alone --text x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (parse(refused[i]) != EXIT_USAGE)
			fail_msg("'%s' is not refused", refused[i]);
	assert_int_equal(parse("--in-flag --flag --no-blue --alone --flag"), EXIT_USAGE);
	assert_int_equal(parse("--in-flag --no-blue --flag"), 0);
	assert_int_equal(parse("--alone --flag"), 0);
}

/* What help shows as defaults is what the judges have without a command line; they begin the commands. */
static void shown_defaults_are_those_of_the_judges(void **state)
{
	static char verb[] = "verb", *argv[] = { verb, NULL };
	struct opt_line none = { .argc = 1, .argv = argv };
	const struct bench_options *b = verb_bench.command;
	const struct stress_options *s = verb_stress.command;
	static struct bench_options bench;
	struct stress_options stress;

	(void)state;
	bench_options_init(&bench);
	stress_options_init(&stress);
	assert_int_equal(opt_parse(verb_bench.table, verb_bench.command, &none), 0);
	assert_int_equal(opt_parse(verb_stress.table, verb_stress.command, &none), 0);
	assert_memory_equal(b->kickers, bench.kickers, sizeof(bench.kickers));
	assert_memory_equal(b->migrations, bench.migrations, sizeof(bench.migrations));
	assert_memory_equal(b->scenario, bench.scenario, sizeof(bench.scenario));
	assert_memory_equal(b->backend, bench.backend, sizeof(bench.backend));
	assert_true(b->n_migrations == bench.n_migrations && b->n_kickers == bench.n_kickers);
	assert_true(b->widen_ns == bench.widen_ns && b->window_ns == bench.window_ns);
	assert_int_equal(b->seed, bench.seed);
	assert_true(b->repetitions == bench.repetitions && b->rate_per_s == bench.rate_per_s && !b->perf);
	assert_int_equal(s->seed, stress.seed);
	assert_int_equal(s->duration_ns, stress.duration_ns);
	assert_true(s->windows == stress.windows && s->faults == stress.faults);
	assert_true(s->think_ns == stress.think_ns && s->delay_ns == stress.delay_ns);
	assert_true(s->events_per_s == stress.events_per_s && !s->kickers && !s->carriers);
	assert_true(s->vcpus_per_carrier == stress.vcpus_per_carrier);
	assert_true(s->pcpus_per_carrier == stress.pcpus_per_carrier);
}

static void the_worst_exit_code_wins(void **state)
{
	static const int order[] = {
		EXIT_SKIPPED,	  EXIT_AS_STATED, EXIT_UNDECIDED, EXIT_VIOLATED,
		EXIT_ENVIRONMENT, EXIT_USAGE,	  128 + 2,
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (j = 0; j <= i; j++) {
			assert_int_equal(exit_code_worst(order[i], order[j]), order[i]);
			assert_int_equal(exit_code_worst(order[j], order[i]), order[i]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_strings),
		cmocka_unit_test(times_are_seconds_or_have_a_unit),
		cmocka_unit_test(reals_are_decimal),
		cmocka_unit_test(lists_have_no_empty_items),
		cmocka_unit_test(a_near_name_is_meant),
		cmocka_unit_test(every_kind_goes_where_it_belongs),
		cmocka_unit_test(words_stand_for_names),
		cmocka_unit_test(operands_keep_their_order),
		cmocka_unit_test(what_is_not_of_the_table_is_refused),
		cmocka_unit_test(shown_defaults_are_those_of_the_judges),
		cmocka_unit_test(the_worst_exit_code_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
