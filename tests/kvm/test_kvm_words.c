// SPDX-License-Identifier: GPL-2.0-or-later
/* What the verdict on the running kernel is called: each by its name, whatever their numbers are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view_kvm.h"

static void expect(enum verdict verdict, const char *word)
{
	const struct kvm_result result = { .verdict = verdict };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	view_kvm_verdict(out, &result);
	fclose(out);
	if (strncmp(text, word, strlen(word)))
		fail_msg("%s: '%s'", verdict_word(verdict), text);
	free(text);
}

static void a_verdict_has_its_word(void **state)
{
	(void)state;
	expect(VERDICT_OK, "\nnone lost: ");
	expect(VERDICT_INCONCLUSIVE, "\nUNDECIDED: ");
	expect(VERDICT_NA, "\nskipped: ");
	expect(VERDICT_VIOLATED, "\nLOST: ");
}

static void a_word_is_read_back(void **state)
{
	(void)state;
	for (enum verdict v = VERDICT_NA; v < N_VERDICTS; v++)
		assert_int_equal(verdict_of(verdict_word(v)), v);
	assert_int_equal(verdict_of("fine"), VERDICT_NONE);
	assert_int_equal(verdict_of(""), VERDICT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_verdict_has_its_word),
					    cmocka_unit_test(a_word_is_read_back) };

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
