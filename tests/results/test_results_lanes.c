// SPDX-License-Identifier: GPL-2.0-or-later
/* Lanes: text and JSON say the same and are read back as they were, whole or torn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "results/lanes.h"

/* As explore writes it; the second | of a line may be a word of the program. */
static const char text[] =
	"step | a: kicker on pCPU 2            | v: vCPU                       "
	" | pCPUs                | order   | where\n"
	"   1 | requests |= 1                  |                               "
	" |                      |         | impl/family/request.h:14\n"
	"   2 |                                | cpu = 1                       "
	" | vCPU on pCPU 1       |         | impl/family/kvm.h:59\n"
	"   3 |                                | enters the guest              "
	" | vCPU on pCPU 1       |         | \n"
	"   4 | mode: IN_GUEST -> EXITING      |                               "
	" |                      | full    | impl/family/kvm.h:131\n"
	"   5 | IPI -> pCPU 0                  |                               "
	" | noise: vCPU not there|         | impl/old.h:46\n"
	"   6 | call -> pCPU 1                 |                               "
	" | ends the stint       |         | impl/old.h:46\n"
	"   7 |                                | IPI: leaves the guest         "
	" | vCPU on pCPU 1       |         | \n"
	"  => POISONED: in guest mode (requests 0x0)\n";

static char *json_of(const struct lanes *lanes)
{
	cJSON *json = lanes_json(lanes);
	char *printed = cJSON_PrintUnformatted(json);

	cJSON_Delete(json);
	return printed;
}

static void text_is_read_as_it_was_written(void **state)
{
	static const enum lanes_mark marks[] = { LANES_PLAIN, LANES_PLAIN, LANES_ENTERS, LANES_PLAIN,
						 LANES_MISSES, LANES_HITS, LANES_LEAVES };
	struct lanes lanes;
	char *again;

	(void)state;
	assert_int_equal(lanes_read(&lanes, text), 0);
	assert_int_equal(lanes.n_lanes, 2);
	assert_int_equal(lanes.n, 7);
	for (size_t i = 0; i < lanes.n; i++) {
		const struct lanes_step *s = &lanes.step[i];

		assert_int_equal(s->mark, marks[i]);
		assert_int_equal(s->to, s->mark == LANES_HITS || s->mark == LANES_MISSES ? 1 : -1);
		assert_int_equal(s->at, i + 1);
	}
	assert_string_equal(lanes.step[0].does, "requests |= 1");
	assert_int_equal(lanes.step[1].cpu, 1);
	again = lanes_text_of(&lanes);
	assert_string_equal(again, text);
	free(again);
	lanes_fini(&lanes);
}

static void check_json(struct lanes *lanes)
{
	char *json = json_of(lanes), *printed = lanes_text_of(lanes), *again;
	struct lanes back;

	assert_int_equal(lanes_read(&back, json), 0);
	again = json_of(&back);
	assert_string_equal(again, json);
	free(again);
	again = lanes_text_of(&back);
	assert_string_equal(again, printed);
	free(again);
	free(printed);
	free(json);
	lanes_fini(&back);
	lanes_fini(lanes);
}

static void json_is_read_as_it_was_written(void **state)
{
	struct lanes lanes = { .timed = true, .n_lanes = 2, .head = "old: lost", .end = "#n: \"n-th\" stay" };
	struct lanes_step *s;

	(void)state;
	strcpy(lanes.lane[0].name, "kicker 0");
	strcpy(lanes.lane[1].name, "carrier 1");
	lanes.lane[1].vcpu = true;
	s = lanes_add(&lanes);
	s->at = -12345678901;
	s->mark = LANES_FOUND;
	s->lane = s->to = 1;
	strcpy(s->does, "=== lost <&>");
	check_json(&lanes);
	assert_int_equal(lanes_read(&lanes, text), 0);
	check_json(&lanes);
}

/* Whatever is left of a file is read, or refused; a sanitizer looks on. */
static void what_is_torn_does_no_harm(void **state)
{
	struct lanes lanes;
	char *json, *torn;

	(void)state;
	assert_int_equal(lanes_read(&lanes, text), 0);
	json = json_of(&lanes);
	lanes_fini(&lanes);
	for (size_t n = strlen(json); n--;) {
		torn = strndup(json, n);
		assert_int_not_equal(lanes_read(&lanes, torn), 0);
		free(torn);
	}
	for (size_t n = strlen(text); n--;) {
		torn = strndup(text, n);
		if (!lanes_read(&lanes, torn))
			assert_in_range(lanes.n, 1, 7);
		lanes_fini(&lanes);
		free(torn);
	}
	free(json);
	assert_int_not_equal(lanes_load(&lanes, "/dev/null", "x"), 0);
	assert_int_not_equal(lanes_load(&lanes, ".", "../x"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_as_it_was_written),
		cmocka_unit_test(json_is_read_as_it_was_written),
		cmocka_unit_test(what_is_torn_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
