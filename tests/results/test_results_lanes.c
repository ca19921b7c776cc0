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

/* As explore has it; a | may be a word of the program. */
static const char text[] =
	"step  a: kicker on pCPU 2  v: vCPU on pCPU 0       order  where\n"
	"   1  requests |= 1        |                              impl/family/request.h:14\n"
	"   2  |                    cpu = 1, now on pCPU 1         impl/family/kvm.h:59\n"
	"   3  |                    enters the guest\n"
	"   4  mode: IN_GUEST -> EXITING                    full   impl/family/kvm.h:131\n"
	"   5  IPI -> pCPU 0, noise: vCPU not there                impl/old.h:46\n"
	"      => POISONED\n"
	"      ... 2 more steps, --all-steps shows them\n"
	"  => POISONED: in guest mode (requests 0x0)\n";

/* Where there is less room: names in a line of their own, and words go on below. */
static const char narrow[] =
	"a: kicker on pCPU 2, v: vCPU on pCPU 0\n"
	"step  a     v              order  where\n"
	"   1  requests |= 1               request.h:14\n"
	"   2  |     cpu = 1, now          kvm.h:59\n"
	"      |     | on pCPU 1\n"
	"   3  |     enters the\n"
	"      |     | guest\n"
	"   4  mode: IN_GUEST ->    full   kvm.h:131\n"
	"      | EXITING\n"
	"   5  IPI -> pCPU 0,              old.h:46\n"
	"      | noise: vCPU not\n"
	"      | there\n"
	"      => POISONED\n"
	"      ... 2 more steps, --all-steps shows them\n"
	"  => POISONED: in guest mode (requests 0x0)\n";

/* The same, as explore fills it. */
static struct lanes lanes_of_text(void)
{
	static const struct lanes_step steps[] = {
		{ 1, 0, 2, -1, LANES_PLAIN, "requests |= 1", .where = "impl/family/request.h:14" },
		{ 2, 1, 1, -1, LANES_PLAIN, "cpu = 1", .where = "impl/family/kvm.h:59" },
		{ 3, 1, 1, -1, LANES_ENTERS, "enters the guest", .where = "" },
		{ 4, 0, 2, -1, LANES_PLAIN, "mode: IN_GUEST -> EXITING", .order = "full",
		  .where = "impl/family/kvm.h:131" },
		{ 5, 0, 2, 1, LANES_MISSES, "IPI -> pCPU 0", .effect = "noise: vCPU not there",
		  .where = "impl/old.h:46", .found = "POISONED" },
		{ 6, 0, 2, 1, LANES_HITS, "call -> pCPU 1", .effect = "forces an exit",
		  .where = "impl/old.h:46" },
		{ 7, 1, 1, -1, LANES_LEAVES, "IPI: leaves the guest", .where = "" },
	};
	struct lanes lanes = { .lane = { { "a: kicker on pCPU 2", false, 2 }, { "v: vCPU", true, 0 } },
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

static void check_text(const struct lanes *lanes, int width, const char *is)
{
	char *printed = lanes_text_of(lanes, width);

	assert_string_equal(printed, is);
	free(printed);
}

static void text_ends_where_it_goes_wrong(void **state)
{
	struct lanes lanes = lanes_of_text();
	char *printed;

	(void)state;
	check_text(&lanes, 100, text);
	check_text(&lanes, 46, narrow);
	lanes.whole = true;
	printed = lanes_text_of(&lanes, 100);
	assert_non_null(strstr(printed, "call -> pCPU 1, forces an exit"));
	assert_null(strstr(printed, "more steps"));
	free(printed);
	lanes_fini(&lanes);
}

/* Whatever the room is, each word is there, in order, and no line is longer but for a word alone. */
static void no_width_loses_a_word(void **state)
{
	struct lanes lanes = lanes_of_text();

	(void)state;
	for (int width = 1; width < 130; width++) {
		char *printed = lanes_text_of(&lanes, width), *line;

		for (line = printed; *line; line = strchr(line, '\n') + 1)
			if (width >= 46)
				assert_in_range(strcspn(line, "\n"), 0, width);
		assert_non_null(strstr(printed, "EXITING"));
		assert_non_null(strstr(printed, "there"));
		free(printed);
	}
	lanes_fini(&lanes);
}

static void check_json(struct lanes *lanes)
{
	char *json = json_of(lanes), *printed = lanes_text_of(lanes, 100), *again;
	struct lanes back;

	assert_int_equal(lanes_read(&back, json), 0);
	again = json_of(&back);
	assert_string_equal(again, json);
	free(again);
	again = lanes_text_of(&back, 100);
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
		cmocka_unit_test(text_ends_where_it_goes_wrong),
		cmocka_unit_test(no_width_loses_a_word),
		cmocka_unit_test(json_is_read_as_it_was_written),
		cmocka_unit_test(what_is_torn_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
