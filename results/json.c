// SPDX-License-Identifier: GPL-2.0-or-later
/* What cJSON leaves to its callers: numbers beyond doubles, and bytes that are no text. */
#include "results/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

void results_json_add_u64(struct cJSON *object, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	cJSON_AddRawToObject(object, name, text);
}

size_t results_json_utf8_length(const unsigned char *c)
{
	size_t n = c[0] < 0x80		     ? 1
		   : c[0] >= 0xc2 && c[0] < 0xe0 ? 2
		   : (c[0] & 0xf0) == 0xe0	     ? 3
		   : c[0] >= 0xf0 && c[0] < 0xf5 ? 4
						 : 0;

	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, beyond Unicode, and the two that are no characters. */
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f) ||
	    (c[0] == 0xef && c[1] == 0xbf && c[2] > 0xbd))
		return 0;
	return n;
}

char *results_json_utf8(const char *text)
{
	char *copy = malloc(3 * strlen(text) + 1), *out = copy;

	while (copy && *text) {
		size_t n = results_json_utf8_length((const unsigned char *)text);

		memcpy(out, n ? text : "\xef\xbf\xbd", n ? n : 3);
		out += n ? n : 3;
		text += n ? n : 1;
	}
	if (copy)
		*out = '\0';
	return copy;
}

/* The text in its place, which cJSON frees. */
static bool clean_text(char **text)
{
	char *clean = results_json_utf8(*text);

	if (!clean)
		return false;
	if (!strcmp(clean, *text)) {
		free(clean);
		return true;
	}
	cJSON_free(*text);
	*text = clean;
	return true;
}

static bool clean(cJSON *json)
{
	bool ok = true;

	for (; json && ok; json = json->next) {
		if (json->string && !(json->type & cJSON_StringIsConst))
			ok = clean_text(&json->string);
		if (ok && cJSON_IsString(json) && !(json->type & cJSON_IsReference))
			ok = clean_text(&json->valuestring);
		if (ok)
			ok = clean(json->child);
	}
	return ok;
}

char *results_json_print(struct cJSON *json, bool indented)
{
	if (!json || !clean(json))
		return NULL;
	return indented ? cJSON_Print(json) : cJSON_PrintUnformatted(json);
}

/* Is the number at `s` whole, and more than a double has to the last digit?  Its length; 0: no. */
static size_t large_whole(const char *s)
{
	size_t sign = *s == '-', digits = strspn(s + sign, "0123456789");

	if (digits < 16 || digits > 39 || (s[sign + digits] && strchr(".eE", s[sign + digits])))
		return 0;
	return sign + digits;
}

/* Marks a text that was a number; no text of ours begins so. */
#define MARK "\x01"

/* The text with large whole numbers as marked strings, for cJSON_Parse() to leave alone. */
static char *mark_numbers(const char *text)
{
	char *copy = malloc(2 * strlen(text) + 1), *out = copy;
	bool quoted = false, in_number = false;

	while (copy && *text) {
		size_t n = quoted || in_number ? 0 : large_whole(text);

		in_number = !quoted && strchr("-+.eE0123456789", *text);
		if (n) {
			out += sprintf(out, "\"" MARK "%.*s\"", (int)n, text);
			text += n;
			in_number = false;
			continue;
		}
		if (quoted && *text == '\\' && text[1])
			*out++ = *text++;
		else
			quoted ^= *text == '"';
		*out++ = *text++;
	}
	if (copy)
		*out = '\0';
	return copy;
}

static void unmark(cJSON *json)
{
	for (; json; json = json->next) {
		unmark(json->child);
		if (!cJSON_IsString(json) || json->valuestring[0] != *MARK)
			continue;
		memmove(json->valuestring, json->valuestring + 1, strlen(json->valuestring));
		json->type = (json->type & ~0xff) | cJSON_Raw;
	}
}

struct cJSON *results_json_parse(const char *text)
{
	char *marked = mark_numbers(text);
	cJSON *json = marked ? cJSON_Parse(marked) : NULL;

	free(marked);
	unmark(json);
	return json;
}
