// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/litmus/lex.h"

#include <ctype.h>
#include <string.h>

static const char *const long_signs[] = { "/\\", "\\/", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>" };

static void skip_past(struct lt_lexer *lexer, const char *end)
{
	const char *to = strstr(lexer->at, end);

	to = to ? to + strlen(end) : lexer->at + strlen(lexer->at);
	for (; lexer->at < to; lexer->at++)
		lexer->line += *lexer->at == '\n';
}

static void skip_blanks(struct lt_lexer *lexer)
{
	for (;;) {
		const char *at = lexer->at;

		if (isspace((unsigned char)*at)) {
			lexer->line += *at == '\n';
			lexer->at++;
		} else if (!lexer->in_body && !strncmp(at, "(*", 2)) {
			skip_past(lexer, "*)");
		} else if (!strncmp(at, "/*", 2)) {
			skip_past(lexer, "*/");
		} else if (!strncmp(at, "//", 2)) {
			skip_past(lexer, "\n");
		} else {
			return;
		}
	}
}

static size_t sign_length(const char *at)
{
	for (size_t i = 0; i < sizeof(long_signs) / sizeof(long_signs[0]); i++)
		if (!strncmp(at, long_signs[i], 2))
			return 2;
	return 1;
}

void xp_lt_advance(struct lt_lexer *lexer)
{
	struct lt_token *t = &lexer->token;
	const char *end;

	lexer->end = lexer->at;
	skip_blanks(lexer);
	*t = (struct lt_token){ .at = lexer->at, .line = lexer->line };
	end = t->at;
	if (!*end)
		return;
	if (isalpha((unsigned char)*end) || *end == '_') {
		t->sort = LT_WORD_TOKEN;
		while (isalnum((unsigned char)*end) || *end == '_')
			end++;
	} else if (isdigit((unsigned char)*end)) {
		t->sort = LT_DIGITS;
		while (isalnum((unsigned char)*end))
			end++;
	} else if (*end == '"') {
		t->sort = LT_QUOTED;
		end += 1 + strcspn(end + 1, "\"\n");
		end += *end == '"';
	} else {
		t->sort = LT_SIGN;
		end += sign_length(end);
	}
	t->n = (size_t)(end - t->at);
	lexer->at = end;
}

void xp_lt_lex(struct lt_lexer *lexer, const char *text)
{
	*lexer = (struct lt_lexer){ .at = text, .line = 1 };
	xp_lt_advance(lexer);
}

bool xp_lt_is(const struct lt_token *token, const char *text)
{
	return token->sort != LT_END && strlen(text) == token->n && !memcmp(token->at, text, token->n);
}
