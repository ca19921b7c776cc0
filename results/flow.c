// SPDX-License-Identifier: GPL-2.0-or-later
/* A line ends before the word that it has no room for. */
#include "results/flow.h"

#include <stdlib.h>
#include <string.h>

size_t flow_fit(const char *text, int room)
{
	size_t fits = strcspn(text, " "), n = fits;

	while (text[n]) {
		n += strspn(text + n, " ");
		n += strcspn(text + n, " ");
		if ((int)n > room)
			break;
		fits = n;
	}
	return fits;
}

void flow_print(FILE *out, const char *text, int column, int width, int indent)
{
	text += strspn(text, " ");
	while (*text) {
		size_t n = flow_fit(text, width - column);

		if ((int)n <= width - column || column <= abs(indent)) {
			fprintf(out, "%.*s", (int)n, text);
			text += n;
			text += strspn(text, " ");
		}
		if (*text)
			fprintf(out, "\n%*s%s", indent > 0 ? indent : 0, "", indent < 0 ? "\t" : "");
		column = abs(indent);
	}
	fputc('\n', out);
}
