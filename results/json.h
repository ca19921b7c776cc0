/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON that any reader takes: whole numbers to the last digit, and UTF-8 only. */
#ifndef RESULTS_JSON_H
#define RESULTS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;

/* cJSON keeps numbers as doubles, which know no seed above 2^53. */
void results_json_add_u64(struct cJSON *object, const char *name, uint64_t value);

/* Text to be freed, NULL: no memory; bytes that are no UTF-8 (a host, a path) become U+FFFD. */
char *results_json_print(struct cJSON *json, bool indented);

/* The same of one text; and the bytes of the character at c that any reader takes, 0: none. */
char *results_json_utf8(const char *text);
size_t results_json_utf8_length(const unsigned char *c);

/* Whole numbers that no double has become raw items, printed as they were.  NULL: no JSON, no memory. */
struct cJSON *results_json_parse(const char *text);

#endif
