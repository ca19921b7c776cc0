// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a compiler said of a backend's text: the file's own lines, and the word that was probably
 * meant.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit.h"

enum { SHOWN = 6, TEXT = 512 };

/* "file:line:column: error: message" */
struct complaint {
	char file[TEXT], message[TEXT];
	int line, column;
};

/* Of gcc and clang.  The line may decide between two meanings of one message; NULL: any. */
static const struct hint {
	const char *message, *line, *hint;
} hints[] = {
	{ "member .raw. in something not a struct|member reference base type .*(int|long|bool|"
	  "void \\*).* is not a structure",
	  NULL,
	  "READ_ONCE(), WRITE_ONCE(), xchg() and the like take words that threads share: declare "
	  "the field as kick_int, kick_ulong or kick_ptr instead of int, unsigned long or a "
	  "pointer; what one thread alone touches is read and written plainly" },
	{ "type argument of .->.|member reference type .kick_(int|ulong|ptr).* is not a pointer",
	  NULL,
	  "xchg(), cmpxchg(), set_bit(), smp_load_acquire() and smp_store_release() take the "
	  "address: &vcpu->mode; READ_ONCE() and WRITE_ONCE() take the word itself" },
	{ "is a pointer; did you mean", NULL,
	  "READ_ONCE() and WRITE_ONCE() take the word itself (vcpu->mode), no address" },
	{ "(initializer|initializing|incompatible type).*kick_(int|ulong|ptr)|invalid initializer",
	  NULL,
	  "a kick_int is read by READ_ONCE(x) (or smp_load_acquire(&x)) into a plain int, and "
	  "written by WRITE_ONCE(x, v) (or smp_store_release(&x, v))" },
	{ "kick_(int|ulong|ptr).*(operand|assign)|(operand|assign|scalar).*kick_(int|ulong|ptr)|"
	  "used (struct|union) type value where scalar",
	  NULL,
	  "a word that threads share is never touched plainly: READ_ONCE(x) reads it, "
	  "WRITE_ONCE(x, v) writes it" },
	{ "wrong type argument to (unary|increment|decrement|bit)|cannot (increment|decrement) "
	  "value of type .kick_",
	  NULL,
	  "a word that threads share is changed by xchg(), cmpxchg(), fetch_or(), set_bit(): "
	  "docs/backends.md has the words" },
	{ "assignment to .*kick_decl|.kick_decl. undeclared|undeclared identifier .kick_decl", NULL,
	  "the file lacks its declaration: KICK_DECLARE(.summary = \"...\", .origin = \"...\", "
	  ".features = ...);" },
	{ "implicit declaration of function .kick_(mask|walk_begin|walk_end|block|wake|"
	  "guest_recheck)|call to undeclared function .kick_(mask|walk|block|wake|guest_recheck)|"
	  "undeclared.*kick_(mask|walk|block|wake|guest_recheck)|.kick_(mask|walk_begin|walk_end|"
	  "block|wake|guest_recheck). undeclared",
	  NULL,
	  "define it, or say that the protocol lacks it: #define KICK_LACKS_MASK (_WALK, _BLOCK, "
	  "_RECHECK) at the top, and leave its feature out" },
	{ ".kick_[a-z_]+. (undeclared|used but never defined)|undeclared (function|identifier) "
	  ".kick_[a-z_]+|declaration of function .kick_(send|vcpu|guest|take|request|view)",
	  NULL,
	  "every protocol defines kick_vcpu_init, _load, _put, kick_take, kick_guest_enter, "
	  "kick_guest_exit, kick_request, kick_send and kick_view, static inline: the head of "
	  "kick.h has them all" },
	{ "atomic_(read|set)|atomic_load|atomic_store|READ|WRITE|ACCESS_ONCE|smp_|barrier|mb\\(\\)",
	  "[a-zA-Z_]+\\(",
	  "no such word here; those that there are: READ_ONCE WRITE_ONCE smp_load_acquire "
	  "smp_store_release smp_mb smp_rmb smp_wmb xchg cmpxchg (each with _relaxed, _acquire, "
	  "_release) set_bit test_and_set_bit fetch_or ...: kick_words.h" },
	{ "implicit declaration|undeclared function", NULL,
	  "no such function: a backend has the words of kick_words.h, the world of kick.h, and "
	  "what its family header has (#include \"family/kvm.h\")" },
	{ "unknown type name|field .* has incomplete type", NULL,
	  "the types of a shared word are kick_int, kick_ulong and kick_ptr; locks are struct "
	  "kick_mutex, kick_ticket, kick_mcs" },
	{ "incomplete type .struct kick_(vm|pcpu|kicker|vcpu)|incomplete type.*kick_(vm|pcpu|"
	  "kicker|vcpu)",
	  NULL,
	  "struct kick_vcpu, kick_vm, kick_pcpu and kick_kicker must all be defined, empty where "
	  "nothing is in them" },
	{ "No such file|file not found", NULL,
	  "a backend includes headers of family/ (\"family/kvm.h\"), its parent (\"patched.h\") "
	  "and files beside itself, nothing else" },
	{ "conflicting types", NULL, "the head of kick.h has the type of each function" },
	{ "redefinition", NULL,
	  "the family header has it already: rename it there (#define name parent_name) or leave it out" },
	{ "expected .*(;|,|\\)|})|expected expression|expected identifier", NULL,
	  "a typing error: look at this line and the end of the one before" },
};

static bool matches(const char *regex, const char *text)
{
	regex_t compiled;
	bool found;

	if (regcomp(&compiled, regex, REG_EXTENDED | REG_NOSUB))
		return false;
	found = !regexec(&compiled, text, 0, NULL, 0);
	regfree(&compiled);
	return found;
}

static const char *hint_for(const char *message, const char *line)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (matches(hints[i].message, message) &&
		    (!hints[i].line || matches(hints[i].line, line)))
			return hints[i].hint;
	return NULL;
}

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

/* The line, and what stands below its column. */
static void print_place(FILE *out, const struct complaint *c, const char *line)
{
	fprintf(out, "%s:%d:%d: %s\n%6d | %s\n", c->file, c->line, c->column, c->message, c->line,
		line);
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

static void print_one(FILE *out, const struct kit_make *make, const struct complaint *c)
{
	char line[TEXT] = "";
	const char *hint;
	bool own = is_own(make, c->file) && read_line(c->file, c->line, line);

	if (own)
		print_place(out, c, line);
	else
		fprintf(out, "where the judges' templates take it: %s\n", c->message);
	hint = hint_for(c->message, line);
	if (hint)
		print_hint(out, hint);
}

void kit_complain(FILE *out, const struct kit_make *make)
{
	static struct complaint shown[SHOWN];
	struct complaint c;
	char text[4 * TEXT];
	size_t n = 0, more = 0;
	FILE *f = fopen(make->said, "r");

	while (f && fgets(text, sizeof(text), f)) {
		bool again = false;

		if (!parse(text, &c))
			continue;
		for (size_t i = 0; i < n; i++)
			again |= shown[i].line == c.line && !strcmp(shown[i].file, c.file);
		if (again || n == SHOWN) {
			more += !again;
			continue;
		}
		print_one(out, make, &c);
		shown[n++] = c;
	}
	if (more)
		fprintf(out, "and %zu more\n", more);
	/* Nothing that we understand: all of it. */
	if (!n && f) {
		rewind(f);
		while (fgets(text, sizeof(text), f))
			fputs(text, out);
	}
	if (f)
		fclose(f);
}
