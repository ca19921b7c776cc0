// SPDX-License-Identifier: GPL-2.0-or-later
/* Quoting for a shell. */
#include "results/command.h"

#include <stdbool.h>
#include <string.h>

static bool is_plain(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				     "-_./,:+=@%") == strlen(text);
}

void command_word(const char *word, FILE *out)
{
	if (is_plain(word)) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		fprintf(out, *word == '\'' ? "'\\''" : "%c", *word);
	fputc('\'', out);
}
