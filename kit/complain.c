// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a compiler said of a backend's text: in the file's own lines, and each hint once.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit.h"

#define LETTERS "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
enum { SHOWN = 6, TEXT = 512, MACRO_LINES = 16 };

/* "file:line:column: error: message" */
struct complaint {
	char file[TEXT], message[TEXT];
	int line, column;
	bool own;     /* it stands in the user's text, not in the kit's */
	int declared; /* the line of the field that it is about; 0: of none */
};

/* "In file included from FILE:LINE": where the user's text lets the kit's in. */
struct included {
	char file[TEXT];
	int line;
	bool on; /* the line before said so, too */
};

/* An error; false: any other line. */
static bool parse(const char *text, struct complaint *c)
{
	const char *error = strstr(text, ": error: ");
	const char *at = error ? error : strstr(text, ": fatal error: ");
	int n = 0;

	*c = (struct complaint){ 0 };
	if (!at || at - text >= TEXT)
		return false;
	snprintf(c->message, TEXT, "%s", strstr(at, "error: ") + 7);
	c->message[strcspn(c->message, "\n")] = 0;
	if (sscanf(text, "%511[^:]:%d:%d%n", c->file, &c->line, &c->column, &n) < 2)
		return false;
	return true;
}

static bool read_line(const char *path, int number, char line[TEXT])
{
	FILE *f = fopen(path, "r");
	bool there = false;

	while (f && number-- > 0)
		there = fgets(line, TEXT, f);
	if (f)
		fclose(f);
	line[there ? strcspn(line, "\n") : 0] = 0;
	return there;
}

/* Of the user's text, and not of the kit's. */
static bool is_own(const struct kit_make *make, const char *file)
{
	char path[PATH_MAX];
	size_t n = strlen(make->kit);

	if (!strncmp(file, make->kit, n))
		return false; /* also where that is a link into the source */
	return realpath(file, path) && (strncmp(path, make->kit, n) || path[n] != '/') &&
	       !strstr(path, "/usr/");
}

/* The line of a file that has this word, and behind it `next`; 0: none.  As where something is declared. */
static int find_declaration(const char *path, const char *word, const char *next, char line[TEXT])
{
	size_t n = strlen(word);
	int number = 0, found = 0;
	FILE *f = fopen(path, "r");

	while (f && !found && fgets(line, TEXT, f)) {
		const char *at = strstr(line, word);

		number++;
		if (!at || at == line || isalnum((unsigned char)at[-1]) || at[-1] == '_' ||
		    at[-1] == '>' || at[-1] == '.' || !strchr(LETTERS, line[strspn(line, " \t")]))
			continue;
		if (!strchr(next, at[n]) || !at[n] || memchr(line, '(', (size_t)(at - line)))
			continue;
		found = number;
	}
	if (f)
		fclose(f);
	line[strcspn(line, "\r\n")] = 0;
	return found;
}

/* Where `path` declares the field that a word was said of: "READ_ONCE(vcpu->state)". */
static int find_field(const struct complaint *c, const char *line, const char *path, char declared[TEXT])
{
	const char *at = c->column > 0 && (size_t)c->column <= strlen(line) ? line + c->column - 1
									    : line;
	const char *arrow = strstr(at, "->");
	char field[KIT_NAME] = "";
	int number;

	if (!strstr(c->message, "'raw'") && !strstr(c->message, "is not a structure"))
		return 0;
	if (!arrow || sscanf(arrow + 2, "%63[a-zA-Z0-9_]", field) != 1)
		return 0;
	number = find_declaration(path, field, ";,[ ", declared);
	return strstr(declared, "kick_int") || strstr(declared, "kick_ulong") ||
			       strstr(declared, "kick_ptr")
		       ? 0
		       : number;
}

/* gcc names the innermost first, clang last. */
static bool is_chain(const struct kit_make *make, const char *text, struct included *from)
{
	static const char in[] = "In file included from ", also[] = "                 from ";
	const size_t n = sizeof(in) - 1; /* of both */
	struct included one = { .on = true };
	bool chain = (!strncmp(text, in, n) || !strncmp(text, also, n)) &&
		     sscanf(text + n, "%511[^:]:%d", one.file, &one.line) == 2;

	if (chain && !from->on)
		*from = (struct included){ .on = true };
	if (chain && is_own(make, one.file) && (!*from->file || make->compiler[0] == 'C'))
		*from = one;
	from->on = chain;
	return chain;
}

/* What is wrong in a header for a field of the user's, at the field; else where the header comes in. */
static void find_own_line(const struct kit_make *make, const struct included *from, struct complaint *c)
{
	char line[TEXT], declared[TEXT];

	if (read_line(c->file, c->line, line))
		c->declared = find_field(c, line, make->failed->file, declared);
	if (c->declared)
		snprintf(c->file, TEXT, "%.511s", make->failed->file);
	else if (*from->file && !strstr(c->file, "_tmpl"))
		memcpy(c->file, from->file, TEXT);
	else
		return;
	c->line = c->declared ? c->declared : from->line;
	c->column = 0;
	c->own = true;
	if (c->declared)
		return;
	memcpy(line, c->message, TEXT);
	snprintf(c->message, TEXT, "in what this includes: %.480s", line);
}

/*
 * Of a macro's arguments gcc tells the macro's line: the line of the word that is meant.  Clang does not
 * say which word is poisoned.
 */
static void find_word(struct complaint *c)
{
	char line[TEXT], name[KIT_NAME];
	const char *at;

	if (!read_line(c->file, c->line, line))
		return;
	if (strstr(c->message, "poisoned identifier") && (size_t)c->column <= strlen(line)) {
		at = line + c->column - 1;
		snprintf(c->message, TEXT, "attempt to use poisoned \"%.*s\"",
			 (int)strspn(at, LETTERS "0123456789"), at);
	}
	if (!strstr(line, "KICK_DECLARE(") || !kit_quoted(c->message, name))
		return;
	if (strstr(c->message, "no member named"))
		sscanf(strstr(c->message, "no member named"), "no member named '%63[^']", name);
	for (int i = 0; i < MACRO_LINES && read_line(c->file, c->line + i, line); i++) {
		at = strstr(line, name);
		if (!at)
			continue;
		c->line += i;
		c->column = (int)(at - line) + 1;
		return;
	}
}

static void find_place(const struct kit_make *make, const struct included *from, struct complaint *c)
{
	char line[TEXT], declared[TEXT];

	c->own = is_own(make, c->file);
	if (!c->own) {
		find_own_line(make, from, c);
		return;
	}
	find_word(c);
	if (read_line(c->file, c->line, line))
		c->declared = find_field(c, line, c->file, declared);
}

/*
 * The line of a { that nothing closes, of the outermost one; or, for `comment`, of a comment in which another
 * one begins.  0: there is none.
 */
static int find_open(const char *path, bool comment)
{
	enum { CODE, LINE, COMMENT, STRING = '"', LETTER = '\'' } in = CODE;
	int c, before = '\n', line = 1, opened = 0, depth = 0, found = 0;
	bool blank = true; /* nothing but blanks before this, in its line */
	FILE *f = fopen(path, "r");

	for (; f && !found && (c = fgetc(f)) != EOF; before = c) {
		bool begins = before == '/' && c == '*';

		if (in == CODE && begins) {
			in = COMMENT;
			opened = comment ? line : opened;
		} else if (in == COMMENT && begins && blank && comment) {
			found = opened;
		} else if ((in == COMMENT && before == '*' && c == '/') || (in == LINE && c == '\n') ||
			   (in != CODE && in != COMMENT && in != LINE && before != '\\' &&
			    (c == (int)in || c == '\n'))) {
			in = CODE;
			c = ' ';
		} else if (in == CODE && before == '/' && c == '/') {
			in = LINE;
		} else if (in == CODE && (c == STRING || c == LETTER)) {
			in = c == STRING ? STRING : LETTER;
		} else if (in == CODE && !comment && c == '{') {
			found = before == '\n' && depth ? opened : 0;
			opened = depth++ ? opened : line;
		} else if (in == CODE && !comment && c == '}') {
			depth -= depth > 0;
		}
		line += c == '\n';
		blank = c == '\n' || (blank && (c == ' ' || c == '\t' || c == '/'));
	}
	if (f)
		fclose(f);
	return found ? found : depth ? opened : 0;
}

/* The line, and what stands below its column. */
static void print_place(FILE *out, const struct complaint *c, const char *line)
{
	fprintf(out, "%s:%d:", c->file, c->line);
	if (c->column)
		fprintf(out, "%d:", c->column);
	fprintf(out, " %s\n%6d | %s\n", c->message, c->line, line);
	if (c->column <= 0 || (size_t)c->column > strlen(line))
		return;
	fprintf(out, "%6s | ", "");
	for (int i = 0; i < c->column - 1; i++)
		fputc(line[i] == '\t' ? '\t' : ' ', out);
	fputs("^\n", out);
}

/* Wrapped behind a word of its own. */
static void print_hint(FILE *out, const char *hint)
{
	int column = 0;

	fputs("  hint:", out);
	for (column = 7; *hint; hint += *hint == ' ') {
		size_t n = strcspn(hint, " ");

		if (column + (int)n > 92)
			column = fprintf(out, "\n       ") - 1;
		column += fprintf(out, " %.*s", (int)n, hint);
		hint += n;
	}
	fputc('\n', out);
}

/* What the templates ask for, by the line that defines it, or as what is not there. */
static bool print_function(FILE *out, const struct kit_make *make, const struct complaint *c)
{
	struct complaint at = *c;
	const char *has = strstr(c->message, "() has another type");
	const char *name = has;
	char function[KIT_NAME], line[TEXT];

	while (has && name > c->message && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
		name--;
	if (has && has - name < KIT_NAME)
		snprintf(function, sizeof(function), "%.*s", (int)(has - name), name);
	else if (!kit_quoted(c->message, function) || strncmp(function, "kick_", 5))
		return false;
	snprintf(at.file, TEXT, "%.511s", make->failed->file);
	at.line = find_declaration(at.file, function, "(", line);
	at.column = at.line ? (int)(strstr(line, function) - line) + 1 : 0;
	if (has) {
		snprintf(at.message, TEXT, "%s", name);
		at.message[strcspn(at.message, "\"")] = 0;
	}
	if (at.line)
		print_place(out, &at, line);
	else if (has)
		fprintf(out, "%s: %s\n", at.file, at.message);
	else
		fprintf(out, "%s: defines no %s%s\n", at.file,
			strcmp(function, "kick_decl") ? function : "KICK_DECLARE",
			strcmp(function, "kick_decl") ? "()" : "");
	return true;
}

/* A hint that was not given yet. */
static void print_new_hint(FILE *out, const struct kit_make *make, const struct complaint *c,
			   char given[SHOWN][TEXT], size_t n)
{
	if (!kit_hint(make, c->message, given[n], TEXT))
		return;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(given[i], given[n]))
			return;
	print_hint(out, given[n]);
}

static void print_one(FILE *out, const struct kit_make *make, const struct complaint *c)
{
	char line[TEXT] = "", declared[TEXT] = "";

	if (c->own && read_line(c->file, c->line, line)) {
		print_place(out, c, line);
		if (c->declared && c->declared != c->line) {
			read_line(c->file, c->declared, declared);
			fprintf(out, "  declared here:\n%6d | %s\n", c->declared, declared);
		}
	} else if (!print_function(out, make, c)) {
		fprintf(out, "where the judges' templates take it: %s\n", c->message);
	}
}

/* What a compiler says elsewhere, if at all: of which function's { the end is missing, of which comment's. */
static bool print_open(FILE *out, const struct kit_make *make, const struct complaint *said)
{
	static const char *const of_braces[] = { "storage class", "not allowed here", "at end of input",
						 "expected '}'" };
	struct complaint c = { .own = true };
	bool comment = true;
	char line[TEXT];

	for (size_t i = 0; i < sizeof(of_braces) / sizeof(of_braces[0]); i++)
		comment &= !strstr(said->message, of_braces[i]);
	snprintf(c.file, TEXT, "%.511s", make->failed->file);
	if (comment && !strstr(said->message, "expected") && !strstr(said->message, "unterminated comment"))
		return false;
	c.line = find_open(c.file, comment);
	if (!c.line || !read_line(c.file, c.line, line))
		return false;
	c.column = (int)(strstr(line, comment ? "/*" : "{") - line) + 1;
	/* A function's { stands alone below its head. */
	if (!comment && c.column == 1) {
		c.line--;
		c.column = 0;
		read_line(c.file, c.line, line);
	}
	snprintf(c.message, TEXT, comment ? "this comment is not closed before the next one begins"
					  : "the { that opens here is not closed");
	print_place(out, &c, line);
	return true;
}

/* Of the same line, the same field, the same function. */
static bool is_same(const struct complaint *a, const struct complaint *b)
{
	char one[KIT_NAME], other[KIT_NAME];

	if (a->declared && a->declared == b->declared)
		return true;
	if (a->line == b->line && !strcmp(a->file, b->file))
		return true;
	return (!b->own || strstr(b->message, "undefined type") || strstr(b->message, "incomplete")) &&
	       kit_quoted(a->message, one) && kit_quoted(b->message, other) && !strcmp(one, other);
}

/*
 * The text's own come first; what a template misses follows from them, but for a function's type.  What clang
 * could not read has the type void.
 */
static bool follows(const struct complaint *c, size_t n_own)
{
	if (n_own && strstr(c->message, "incompatible type 'void'"))
		return true;
	return !c->own && n_own && !strstr(c->message, "has another type");
}

void kit_complain(FILE *out, const struct kit_make *make)
{
	static struct complaint shown[SHOWN];
	static char given[SHOWN][TEXT];
	static struct included from;
	struct complaint c;
	char text[4 * TEXT];
	size_t n = 0, n_own = 0, more = 0;
	bool open = false;
	FILE *f = fopen(make->said, "r");

	/* What is no backend's fault is shown as it was said. */
	while (f && make->failed && fgets(text, sizeof(text), f)) {
		bool again = false;

		if (is_chain(make, text, &from) || !parse(text, &c))
			continue;
		find_place(make, &from, &c);
		for (size_t i = 0; i < n; i++)
			again |= is_same(&shown[i], &c);
		if (open || again || n == SHOWN || follows(&c, n_own)) {
			more += !again && (open || n == SHOWN);
			continue;
		}
		open = print_open(out, make, &c);
		if (!open)
			print_one(out, make, &c);
		print_new_hint(out, make, &c, given, n);
		n_own += c.own;
		shown[n++] = c;
	}
	if (more)
		fprintf(out, "and %zu more%s\n", more, open ? " that follow from it" : "");
	/* Nothing that we understand: all of it. */
	if (!n && f) {
		rewind(f);
		while (fgets(text, sizeof(text), f))
			fputs(text, out);
	}
	if (f)
		fclose(f);
}

static bool has_text(const char *path, const char *name)
{
	char line[4 * TEXT];
	bool has = false;
	FILE *f = fopen(path, "r");

	while (f && !has && fgets(line, sizeof(line), f))
		has = strstr(line, name);
	if (f)
		fclose(f);
	return has;
}

/*
 * A linker's "multiple definition of `x'", "undefined reference to `x'": of a backend's object, and not
 * of the archive's.
 */
bool kit_link_fault(struct kit_make *make)
{
	static const char *const says[] = { "multiple definition of ", "undefined reference to " };
	char text[4 * TEXT], name[KIT_NAME] = "";
	bool of_archive = false, twice = false;
	FILE *f = fopen(make->said, "r");

	while (f && !*name && fgets(text, sizeof(text), f)) {
		if (strstr(text, ": in function "))
			of_archive = strstr(text, ".a(");
		for (int i = 0; i < 2 && !*name; i++) {
			const char *at = strstr(text, says[i]);

			if (at && (!i || !of_archive) && (!i || !strstr(text, ".a(")))
				sscanf(at + strlen(says[i]), "%*[`']%63[^'\n]", name);
			twice = *name && !i;
		}
	}
	if (f)
		fclose(f);
	/* Of no text: the kit is at fault. */
	for (size_t i = 0; i < make->n && *name && !make->failed; i++)
		if (has_text(make->backend[i].file, name))
			make->failed = &make->backend[i];
	if (!make->failed)
		return false;
	snprintf(make->err, sizeof(make->err),
		 twice ? "%.300s: %s is defined without `static inline`: each judge compiles the "
			 "file anew"
		       : "%.300s: %s is declared, and nowhere defined",
		 make->failed->file, name);
	return true;
}
