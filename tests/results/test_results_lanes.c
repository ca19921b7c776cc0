// SPDX-License-Identifier: GPL-2.0-or-later
/* Lanes: text and JSON say the same, and the JSON is read back as it was, whole or torn. */
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

/* The same, as explore fills it. */
static struct lanes lanes_of_text(void)
{
	static const struct lanes_step steps[] = {
		{ 1, 0, -1, -1, LANES_PLAIN, "requests |= 1", "", "", "", "impl/family/request.h:14" },
		{ 2, 1, 1, -1, LANES_PLAIN, "cpu = 1", "", "", "", "impl/family/kvm.h:59" },
		{ 3, 1, 1, -1, LANES_ENTERS, "enters the guest", "", "", "", "" },
		{ 4, 0, -1, -1, LANES_PLAIN, "mode: IN_GUEST -> EXITING", "", "full", "",
		  "impl/family/kvm.h:131" },
		{ 5, 0, -1, 1, LANES_MISSES, "IPI -> pCPU 0", "noise: vCPU not there", "", "",
		  "impl/old.h:46" },
		{ 6, 0, -1, 1, LANES_HITS, "call -> pCPU 1", "ends the stint", "", "", "impl/old.h:46" },
		{ 7, 1, 1, -1, LANES_LEAVES, "IPI: leaves the guest", "", "", "", "" },
	};
	struct lanes lanes = { .lane = { { "a: kicker on pCPU 2", false }, { "v: vCPU", true } },
			       .n_lanes = 2,
			       .end = "POISONED: in guest mode (requests 0x0)" };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		*lanes_add(&lanes) = steps[i];
	return lanes;
}

static char *json_of(const struct lanes *lanes)
{
	cJSON *json = lanes_json(lanes);
	char *printed = cJSON_PrintUnformatted(json);

	cJSON_Delete(json);
	return printed;
}

static void text_has_a_line_for_each_step(void **state)
{
	struct lanes lanes = lanes_of_text();
	char *printed = lanes_text_of(&lanes);

	(void)state;
	assert_string_equal(printed, text);
	free(printed);
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
	lanes = lanes_of_text();
	check_json(&lanes);
}

/* Whatever is left of a file is read, or refused; a sanitizer looks on. */
static void what_is_torn_does_no_harm(void **state)
{
	struct lanes lanes = lanes_of_text();
	char *json = json_of(&lanes), *torn;

	(void)state;
	lanes_fini(&lanes);
	for (size_t n = strlen(json); n--;) {
		torn = strndup(json, n);
		assert_int_not_equal(lanes_read(&lanes, torn), 0);
		free(torn);
	}
	free(json);
	assert_int_not_equal(lanes_load(&lanes, "/dev/null", "x"), 0);
	assert_int_not_equal(lanes_load(&lanes, ".", "../x"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_a_line_for_each_step),
		cmocka_unit_test(json_is_read_as_it_was_written),
		cmocka_unit_test(what_is_torn_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
