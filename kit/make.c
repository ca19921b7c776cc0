// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From files to a program: one call of the compiler per template and backend, and one that links.
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmake/build_info.h"
#include "kit/kit.h"

enum { WORDS = 64, UNITS = 16, LIBRARIES = 64, JOBS = 16 };

/* A command line; the words are kept in it. */
struct command {
	char *word[4 * WORDS];
	size_t n;
};

static bool add(struct command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool add(struct command *c, const char *fmt, ...)
{
	va_list args;
	int length = -1;

	va_start(args, fmt);
	if (c->n + 1 < sizeof(c->word) / sizeof(c->word[0]))
		length = vasprintf(&c->word[c->n], fmt, args);
	va_end(args);
	if (length < 0)
		return false;
	c->word[++c->n] = NULL;
	return true;
}

static void forget(struct command *c)
{
	while (c->n)
		free(c->word[--c->n]);
}

/* "ccache gcc-12": the words of $CC. */
static void add_words(struct command *c, const char *text)
{
	while (*(text += strspn(text, " \t"))) {
		size_t n = strcspn(text, " \t");

		add(c, "%.*s", (int)n, text);
		text += n;
	}
}

/* Begins it with stdout and stderr in a file. */
static pid_t begin(const struct command *c, const char *output)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	/* Hints look for words, not for a language's, and not in colours. */
	setenv("LC_ALL", "C", 1);
	unsetenv("GCC_COLORS");
	execvp(c->word[0], c->word);
	dprintf(STDERR_FILENO, "%s: %s\n", c->word[0], strerror(errno));
	_exit(127);
}

static bool ran(const struct command *c, const char *output)
{
	pid_t pid = begin(c, output);
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}

/* Who compiles */

/* What it says it is, in its own words. */
static bool asked(struct kit_make *make, const char *cc)
{
	struct command c = { 0 };
	char path[PATH_MAX], text[256] = "";
	int clang = 0, v[6];
	FILE *f;

	snprintf(path, sizeof(path), "%s/who.c", make->dir);
	f = fopen(path, "w");
	if (!f)
		return false;
	fputs("#ifdef __clang__\n1 __clang_major__ __clang_minor__ __clang_patchlevel__\n#else\n"
	      "0 __GNUC__ __GNUC_MINOR__ __GNUC_PATCHLEVEL__\n#endif\n",
	      f);
	if (fclose(f))
		return false;
	add_words(&c, cc);
	add(&c, "-E");
	add(&c, "-P");
	add(&c, "%s", path);
	snprintf(path, sizeof(path), "%s/who.txt", make->dir);
	if (!c.n || !ran(&c, path)) {
		forget(&c);
		return false;
	}
	forget(&c);
	f = fopen(path, "r");
	for (int i = 0; f && i < 40 && fgets(text, sizeof(text), f); i++)
		if (sscanf(text, "%d %d %d %d", &clang, &v[0], &v[1], &v[2]) == 4)
			break;
	if (f)
		fclose(f);
	if (sscanf(text, "%d %d %d %d", &clang, &v[0], &v[1], &v[2]) != 4)
		return false;
	snprintf(make->compiler, sizeof(make->compiler), "%s %d.%d.%d", clang ? "Clang" : "GNU",
		 v[0], v[1], v[2]);
	make->cc = cc;
	return true;
}

/* A program that does nothing, of what the templates include: does it have the C library's headers? */
static int try_compiler(struct kit_make *make)
{
	struct command c = { 0 };
	char path[PATH_MAX];
	bool fine;
	FILE *f;

	snprintf(path, sizeof(path), "%s/try.c", make->dir);
	f = fopen(path, "w");
	if (!f || fputs("#include <pthread.h>\n#include <ck_pr.h>\nint main(void) { return 0; }\n", f) < 0 ||
	    fclose(f)) {
		snprintf(make->err, sizeof(make->err), "%.300s: %s", path, strerror(errno));
		return -EIO;
	}
	add_words(&c, make->cc);
	add(&c, "@%s/cflags", make->kit);
	add(&c, "%s", path);
	add(&c, "-o");
	add(&c, "%s/try", make->dir);
	snprintf(make->said, sizeof(make->said), "%s/try.txt", make->dir);
	fine = ran(&c, make->said);
	forget(&c);
	if (fine)
		return 0;
	snprintf(make->err, sizeof(make->err),
		 "'%.100s' makes no program here: are libc's and ck's headers installed (Debian: libc6-dev, "
		 "libck-dev)?",
		 make->cc);
	return -ENOEXEC;
}

static int find_compiler(struct kit_make *make)
{
	const char *const tries[] = { "cc", "gcc", "clang" },
			  *given = make->cc ? make->cc : getenv("CC");

	if (given && *given) {
		if (asked(make, given))
			return try_compiler(make);
		snprintf(make->err, sizeof(make->err), "'%.100s' is no C compiler that runs here",
			 given);
		return -ENOENT;
	}
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		if (asked(make, tries[i]))
			return try_compiler(make);
	snprintf(make->err, sizeof(make->err),
		 "no C compiler here: install gcc or clang, or name one by --cc or $CC");
	return -ENOENT;
}

static bool is_clang(const struct kit_make *make)
{
	return make->compiler[0] == 'C';
}

/* Lists and words for the registries and the program */

static int write_lists(const struct kit_make *make)
{
	static const char *const names[] = { "kick_backends.def", "kit_made.def", "source_hash.h",
					     "build_info.c" };
	FILE *f[4];
	int failed = 0;

	for (int i = 0; i < 4; i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/%s", make->dir, names[i]);
		f[i] = fopen(path, "w");
		if (!f[i])
			failed = -errno;
	}
	if (!failed)
		fprintf(f[1], "#undef KIT_N_FILES\n#define KIT_N_FILES %zu\n", make->n_files);
	for (size_t i = 0; i < make->n && !failed; i++) {
		fprintf(f[0], "X(%s)\n", make->backend[i].name);
		fprintf(f[1], "X(%s, \"%s\")\n", make->backend[i].name, make->backend[i].file);
	}
	if (!failed)
		fprintf(f[3],
			"#include \"cmake/build_info.h\"\nconst struct build_info build_info = {\n"
			"\"%s\", \"%s\", \"%s%s%s%s\", \"%s\", \"%s\", \"%s\", \"%s\", \"%s\", "
			"\"%s\", \"%s\" };\n",
			build_info.version, build_info.git_revision, make->compiler,
			strcmp(make->compiler, build_info.compiler) ? ", library " : "",
			strcmp(make->compiler, build_info.compiler) ? build_info.compiler : "", "",
			build_info.c_flags, build_info.build_type, build_info.sanitize,
			build_info.benchmark_version, build_info.hwloc_version,
			build_info.ck_version, build_info.cjson_version);
	for (int i = 0; i < 4; i++) {
		bool torn = f[i] && ferror(f[i]);

		if (f[i] && (fclose(f[i]) || torn) && !failed)
			failed = -EIO;
	}
	return failed;
}

/* Units */

struct kit_unit {
	char judge[32];	  /* FAST; "": no backend's own */
	char source[128]; /* bench/loop/fast_tmpl.c */
};

static size_t read_units(const struct kit_make *make, struct kit_unit unit[UNITS])
{
	char path[PATH_MAX + 16];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/units", make->kit);
	f = fopen(path, "r");
	while (f && n < UNITS && fscanf(f, "%31s %127s", unit[n].judge, unit[n].source) == 2)
		n++;
	if (f)
		fclose(f);
	return n;
}

/* So that a diagnosis stands at the user's own text, in a line each. */
static void add_manners(const struct kit_make *make, struct command *c)
{
	add(c, "-fdiagnostics-color=never");
	if (is_clang(make)) {
		add(c, "-fno-caret-diagnostics");
		add(c, "-Wno-unknown-warning-option");
	} else {
		if (atoi(make->compiler + 4) > 10)
			add(c, "-fdiagnostics-column-unit=byte");
		add(c, "-ftrack-macro-expansion=0");
		add(c, "-fno-diagnostics-show-caret");
	}
	add(c, "-Werror=implicit-function-declaration");
	add(c, "-Werror=int-conversion");
	add(c, "-Werror=incompatible-pointer-types");
}

static void add_flags(const struct kit_make *make, struct command *c)
{
	add_words(c, make->cc);
	add(c, "@%s/cflags", make->kit);
	add(c, "-I%s", make->dir);
	add(c, "-I%s", make->kit);
	add(c, "-I%s/include", make->kit);
	add(c, "-I%s/impl", make->kit);
	add(c, "-c");
}

/* Of explore's units: what looks at plain accesses (cmake/optional.cmake). */
static void add_seen(const struct kit_make *make, struct command *c)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/seen", make->kit);
	if (access(path, R_OK))
		return;
	add(c, "@%s", path);
	add(c, is_clang(make) ? "-mllvm" : "--param=tsan-instrument-func-entry-exit=0");
	if (is_clang(make))
		add(c, "-tsan-instrument-func-entry-exit=0");
}

/*
 * The i-th object: the templates of the first backend, of the next, ..., then what is compiled
 * once.
 */
struct object {
	const struct kit_unit *unit;
	const struct kit_backend *of; /* NULL: of no backend */
};

static void compile_command(const struct kit_make *make, const struct object *o, size_t i,
			    struct command *c)
{
	add_flags(make, c);
	if (o->of) {
		add_manners(make, c);
		add(c, "-DKICK_%s=1", o->unit->judge);
		add(c, "-DKICK_BACKEND=%s", o->of->name);
		add(c, "-DKICK_BACKEND_FILE=\"%s\"", o->of->file);
		if (!strcmp(o->unit->judge, "EXPLORE"))
			add_seen(make, c);
	}
	add(c, "-o");
	add(c, "%s/%zu.o", make->dir, i);
	if (o->unit->source[0] == '@') /* written by write_lists() */
		add(c, "%s/%s", make->dir, o->unit->source + 1);
	else
		add(c, "%s/%s", make->kit, o->unit->source);
}

struct jobs {
	struct kit_make *make;
	struct object object[UNITS * (KIT_MOST + 1)];
	pid_t pid[UNITS * (KIT_MOST + 1)];
	size_t n, begun, running, most;
	size_t failed; /* the first that did; n: none */
};

static void plan(struct jobs *jobs, const struct kit_unit *unit, size_t n_units)
{
	for (size_t b = 0; b < jobs->make->n; b++)
		for (size_t u = 0; u < n_units; u++)
			if (unit[u].judge[0] != '-')
				jobs->object[jobs->n++] =
					(struct object){ &unit[u], &jobs->make->backend[b] };
	for (size_t u = 0; u < n_units; u++)
		if (unit[u].judge[0] == '-')
			jobs->object[jobs->n++] = (struct object){ &unit[u], NULL };
	jobs->failed = jobs->n;
}

static void begin_one(struct jobs *jobs)
{
	struct command c = { 0 };
	char said[PATH_MAX];

	compile_command(jobs->make, &jobs->object[jobs->begun], jobs->begun, &c);
	snprintf(said, sizeof(said), "%s/%zu.txt", jobs->make->dir, jobs->begun);
	jobs->pid[jobs->begun] = begin(&c, said);
	forget(&c);
	jobs->begun++;
	jobs->running++;
}

static void end_one(struct jobs *jobs)
{
	int status;
	pid_t pid = wait(&status);

	for (size_t i = 0; i < jobs->begun && pid > 0; i++) {
		if (jobs->pid[i] != pid)
			continue;
		jobs->pid[i] = 0;
		if ((!WIFEXITED(status) || WEXITSTATUS(status)) && i < jobs->failed)
			jobs->failed = i;
	}
	jobs->running -= jobs->running > 0;
}

/* Did the compiler run out of something?  That is no fault of the text. */
static bool lacked(struct kit_make *make)
{
	static const char *const texts[] = { "out of memory", "memory exhausted", "Cannot allocate memory",
					     "No space left on device", "Too many open files",
					     "Resource temporarily unavailable", "Killed" };
	char line[512];
	bool any = false;
	FILE *in = fopen(make->said, "re");

	/* Not what it says of the text, nor lines of the text that it shows. */
	while (in && !any && fgets(line, sizeof(line), in))
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !any; i++)
			any = strstr(line, texts[i]) && !strstr(line, ": error: ") && !strstr(line, " | ");
	if (any)
		snprintf(make->err, sizeof(make->err), "the compiler failed, not %.200s: %.*s",
			 make->failed->file, (int)strcspn(line, "\n"), line);
	if (in)
		fclose(in);
	return any;
}

static int compile(struct jobs *jobs, bool (*stopped)(void))
{
	struct kit_make *make = jobs->make;
	long pus = sysconf(_SC_NPROCESSORS_ONLN);

	jobs->most = pus > JOBS ? JOBS : pus < 1 ? 1 : (size_t)pus;
	while (jobs->running || (jobs->begun < jobs->n && jobs->failed == jobs->n && !stopped())) {
		if (jobs->begun < jobs->n && jobs->running < jobs->most &&
		    jobs->failed == jobs->n && !stopped())
			begin_one(jobs);
		else
			end_one(jobs);
	}
	if (stopped())
		return -EINTR;
	if (jobs->failed == jobs->n)
		return 0;
	snprintf(make->said, sizeof(make->said), "%s/%zu.txt", make->dir, jobs->failed);
	make->failed = jobs->object[jobs->failed].of;
	if (make->failed && lacked(make))
		return -ENOMEM;
	if (make->failed) {
		snprintf(make->err, sizeof(make->err), "%.300s does not compile as a backend (%s)",
			 make->failed->file, make->compiler);
		return -EBADMSG;
	}
	snprintf(make->err, sizeof(make->err), "the kit's own %s does not compile here",
		 jobs->object[jobs->failed].unit->source);
	return -ENOEXEC;
}

/*
 * Linking: with the very libraries that this program runs with, whose names a linker does not
 * find without their development packages.
 */

struct libraries {
	struct command *c;
	size_t n;
};

static int add_library(struct dl_phdr_info *info, size_t size, void *arg)
{
	static const char *const not [] = { "/ld-", "/libc.so", "linux-vdso", "linux-gate", NULL };
	struct libraries *l = arg;

	(void)size;
	for (int i = 0; not [i]; i++)
		if (strstr(info->dlpi_name, not [i]))
			return 0;
	if (info->dlpi_name[0] == '/' && l->n++ < LIBRARIES)
		add(l->c, "%s", info->dlpi_name);
	return 0;
}

static int link_all(struct kit_make *make, size_t n)
{
	struct command c = { 0 };
	struct libraries libraries = { .c = &c };
	char hwloc[PATH_MAX + 16];
	bool fine;

	add_words(&c, make->cc);
	add(&c, "-o");
	add(&c, "%s/kickbench", make->dir);
	for (size_t i = 0; i < n; i++)
		add(&c, "%s/%zu.o", make->dir, i);
	add(&c, "-Wl,--whole-archive");
	add(&c, "%s/libkickbench.a", make->kit);
	add(&c, "-Wl,--no-whole-archive");
	snprintf(hwloc, sizeof(hwloc), "%s/libhwloc.a", make->kit);
	if (!access(hwloc, R_OK)) /* else it is one of the libraries */
		add(&c, "%s", hwloc);
	add(&c, "@%s/ldflags", make->kit);
	dl_iterate_phdr(add_library, &libraries);
	snprintf(make->said, sizeof(make->said), "%s/link.txt", make->dir);
	fine = ran(&c, make->said);
	forget(&c);
	if (fine)
		return 0;
	if (kit_link_fault(make)) {
		*make->said = 0;
		return -EBADMSG;
	}
	snprintf(make->err, sizeof(make->err), "cannot link with '%.100s'", make->cc);
	return -ENOEXEC;
}

int kit_make(struct kit_make *make, bool (*stopped)(void))
{
	static struct kit_unit unit[UNITS];
	static struct jobs jobs;
	size_t n_units = read_units(make, unit);
	int failed = find_compiler(make);

	if (failed)
		return failed;
	jobs = (struct jobs){ .make = make };
	plan(&jobs, unit, n_units);
	failed = write_lists(make);
	if (failed || !n_units) {
		snprintf(make->err, sizeof(make->err), "%.200s: %s", failed ? make->dir : make->kit,
			 failed ? strerror(-failed) : "no list of units");
		return failed ? failed : -ENOENT;
	}
	failed = compile(&jobs, stopped);
	return failed ? failed : link_all(make, jobs.n);
}
