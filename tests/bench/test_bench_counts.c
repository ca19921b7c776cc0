// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The counts that stand in the rows, against the machine code: a child runs every kick and every
 * entry between two breakpoints while this process single-steps it and counts the instructions that
 * are locked: those with a lock prefix, and xchg with memory.  So the table of locks is checked too.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/backend.h"

/* What single-stepping must find in one cell; for an entry, form is BENCH_N_FORMS. */
struct cell {
	const struct bench_backend *backend;
	enum bench_path path;
	int form;
	bool put_clears_cpu;
	enum kick_outcome outcome;
	struct kick_counts counts;
};

/* Written by the child: the cell that it is in; -1 before, and what its kick said. */
struct shared {
	volatile int cell;
	volatile int prepared, outcome;
};

static struct cell cells[4096];
static int n_cells;

static void add_cells(const struct bench_backend *b, bool put_clears_cpu)
{
	/* A VMM's kick of a vCPU in KVM_RUN may wait for it; that is this thread, too. */
	int n_paths = b->fast->decl->features & KICK_F_SIGNAL ? BENCH_IN_GUEST : BENCH_N_PATHS;

	for (int path = 0; path < n_paths; path++)
		for (int form = 0; form < BENCH_N_FORMS; form++) {
			struct cell *c = &cells[n_cells];

			*c = (struct cell){ b, path, form, put_clears_cpu, 0, { 0 } };
			n_cells += !b->count->kick(path, form, put_clears_cpu, &c->counts, &c->outcome);
		}
	cells[n_cells] = (struct cell){ b, BENCH_SELF, BENCH_N_FORMS, put_clears_cpu, 0, { 0 } };
	n_cells += !b->count->entry(&cells[n_cells].counts);
}

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define BREAKPOINT() __asm__ __volatile__("int3" ::: "memory")

static void *sleeper(void *arg)
{
	(void)arg;
	for (;;)
		pause();
	return NULL;
}

static void run_cell(const struct cell *c, struct shared *shared)
{
	const struct bench_fast *fast = c->backend->fast;
	void *vcpu = machine.vcpus;

	memset(machine.vcpus, 0, fast->sizes.vcpu);
	if (c->form == BENCH_N_FORMS) {
		shared->prepared = fast->prepare(vcpu, BENCH_SELF, 0);
		BREAKPOINT();
		shared->outcome = (int)fast->entry(vcpu, 1);
		BREAKPOINT();
	} else {
		shared->prepared = fast->prepare(vcpu, c->path, c->path != BENCH_SELF);
		BREAKPOINT();
		shared->outcome = (int)fast->once[c->form](vcpu);
		BREAKPOINT();
	}
}

/* As in a measurement the process has threads: alone, glibc's mutex would do without atomics. */
static void child(struct shared *shared)
{
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pthread_create(&thread, NULL, sleeper, NULL) || ptrace(PTRACE_TRACEME, 0, 0, 0))
		_exit(4);
	raise(SIGSTOP);
	for (int i = 0; i < n_cells; i++) {
		struct machine_config config = { .n_pcpus = 2, .n_vcpus = 1, .n_kickers = 1,
						 .put_clears_cpu = cells[i].put_clears_cpu,
						 .sizes = cells[i].backend->fast->sizes };

		if (machine_init(&config))
			_exit(3);
		machine_become(0, 0);
		shared->cell = -1;
		run_cell(&cells[i], shared); /* the dynamic linker binds names at the first call */
		shared->cell = i;
		run_cell(&cells[i], shared);
		machine_fini();
	}
	_exit(0);
}

/* Is the instruction locked?  The child is a fork: its text is ours. */
static bool is_locked(const unsigned char *text)
{
	bool prefix = true, lock = false;

	for (; prefix; text += prefix) {
		prefix = strchr("\x66\x67\x2e\x36\x3e\x26\x64\x65\xf2\xf3\xf0", *text) && *text;
		lock |= *text == 0xf0;
	}
	text += (*text & 0xf0) == 0x40;
	return lock || ((*text == 0x86 || *text == 0x87) && text[1] >> 6 != 3);
}

/* From one breakpoint to the next: how many locked instructions?  -1: it does not get there. */
static int step_over(pid_t pid)
{
	struct user_regs_struct regs;
	int status, locked = 0;

	for (int steps = 0; steps < 100000; steps++) {
		const unsigned char *text;

		if (ptrace(PTRACE_GETREGS, pid, 0, &regs))
			return -1;
		text = (const unsigned char *)regs.rip; /* NOLINT */
		if (*text == 0xcc)
			return locked;
		locked += is_locked(text);
		if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) || waitpid(pid, &status, 0) != pid ||
		    !WIFSTOPPED(status))
			return -1;
	}
	return -1;
}

static bool next_stop(pid_t pid, int *status)
{
	return !ptrace(PTRACE_CONT, pid, 0, 0) && waitpid(pid, status, 0) == pid && WIFSTOPPED(*status);
}

/*
 * An IPI is one locked add to a doorbell: the transport's, not counted as the protocol's.  A function
 * call, which only the first kick makes without waiting, is two.
 */
static int of_the_transport(const struct cell *c)
{
	/* A signal is a system call, which nobody makes here. */
	if (c->form >= BENCH_N_FORMS || c->outcome != KICK_SENT ||
	    c->backend->fast->decl->features & KICK_F_SIGNAL)
		return 0;
	return strcmp(c->backend->name, "kvm_2007") ? 1 : 2;
}

static bool agrees(const struct cell *c, const struct shared *shared, int locked)
{
	bool kick = c->form < BENCH_N_FORMS;
	int counted = (int)(c->counts.locked_rmws + c->counts.fences);
	int expected = counted + of_the_transport(c);

	if (locked == expected && shared->outcome == (kick ? (int)c->outcome : 0) && shared->prepared)
		return true;
	print_error("%s %s %s%s: %d locked instructions for %d counted, outcome %d for %d\n",
		    c->backend->name, kick ? bench_path_name[c->path] : "entry",
		    kick ? bench_form_name[c->form] : "", c->put_clears_cpu ? " (minus1)" : "", locked,
		    expected, shared->outcome, kick ? (int)c->outcome : 0);
	return false;
}

static void counts_are_those_of_the_machine_code(void **state)
{
	struct shared *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, wrong = 0, done = 0;
	pid_t pid;

	(void)state;
	assert_ptr_not_equal(shared, MAP_FAILED);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		child(shared);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 4) {
		print_message("skipped: ptrace is not allowed here\n");
		skip();
	}
	while (next_stop(pid, &status)) {
		int locked = step_over(pid);

		if (locked < 0 || !next_stop(pid, &status))
			break;
		if (shared->cell < 0)
			continue;
		wrong += !agrees(&cells[shared->cell], shared, locked);
		done++;
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(done, n_cells);
	assert_int_equal(wrong, 0);
	print_message("%d cells stepped through\n", done);
}
#else
static void counts_are_those_of_the_machine_code(void **state)
{
	(void)state;
	print_message("skipped: single-stepping decodes x86-64, not instrumented by TSan\n");
	skip();
}
#endif

/* Facts of the protocols, as a reader of the sources would count them. */
static const struct fact {
	const char *backend;
	enum bench_path path;
	enum bench_form form;
	unsigned long locked_rmws, fences;
} facts[] = {
	{ "noop", BENCH_UNLOADED, BENCH_REQUEST_KICK, 0, 0 },
	{ "old", BENCH_UNLOADED, BENCH_KICK, 0, 1 },
	{ "old", BENCH_SELF, BENCH_KICK, 0, 1 },
	{ "old", BENCH_OUTSIDE, BENCH_KICK, 1, 1 },
	{ "old", BENCH_EXITING, BENCH_KICK, 1, 1 },
	{ "old", BENCH_IN_GUEST, BENCH_KICK, 1, 1 },
	{ "old", BENCH_SELF, BENCH_REQUEST_KICK, 1, 1 },
	{ "old", BENCH_UNLOADED, BENCH_CLAIM, 0, 0 },
	{ "old", BENCH_SELF, BENCH_CLAIM, 0, 0 },
	{ "old", BENCH_OUTSIDE, BENCH_CLAIM, 1, 0 },
	{ "patched", BENCH_UNLOADED, BENCH_KICK, 1, 1 },
	{ "patched", BENCH_SELF, BENCH_KICK, 1, 1 },
	{ "patched", BENCH_OUTSIDE, BENCH_KICK, 1, 1 },
	{ "patched", BENCH_EXITING, BENCH_KICK, 1, 1 },
	{ "patched", BENCH_SELF, BENCH_REQUEST_KICK, 2, 1 },
	{ "patched", BENCH_UNLOADED, BENCH_CLAIM, 1, 0 },
	{ "patched", BENCH_SELF, BENCH_CLAIM, 1, 0 },
	{ "mainline", BENCH_SELF, BENCH_KICK, 0, 1 },
	{ "mainline", BENCH_UNLOADED, BENCH_KICK, 1, 1 },
	{ "mainline", BENCH_SELF, BENCH_CLAIM, 0, 0 },
	{ "kvm_2025", BENCH_SELF, BENCH_KICK, 0, 1 },
	{ "kvm_2025", BENCH_IN_GUEST, BENCH_KICK, 1, 1 },
	{ "kvm_2011", BENCH_SELF, BENCH_KICK, 0, 0 },
	{ "kvm_2011", BENCH_EXITING, BENCH_KICK, 1, 0 },
	{ "kvm_2010", BENCH_UNLOADED, BENCH_KICK, 0, 0 },
	{ "kvm_2010", BENCH_OUTSIDE, BENCH_KICK, 1, 0 },
	{ "kvm_2009", BENCH_SELF, BENCH_KICK, 0, 0 },
	{ "kvm_2009", BENCH_EXITING, BENCH_KICK, 1, 0 },
	{ "kvm_2009", BENCH_IN_GUEST, BENCH_KICK, 1, 0 },
	{ "kvm_2007", BENCH_OUTSIDE, BENCH_KICK, 0, 0 },
	{ "kvm_2007", BENCH_IN_GUEST, BENCH_KICK, 0, 0 },
	{ "packed", BENCH_UNLOADED, BENCH_KICK, 0, 1 },
	{ "packed", BENCH_IN_GUEST, BENCH_KICK, 1, 1 },
	{ "always", BENCH_IN_GUEST, BENCH_KICK, 0, 1 },
	{ "locked_fas", BENCH_SELF, BENCH_KICK, 1, 0 },
#if defined(__x86_64__)
	{ "locked_ticket", BENCH_SELF, BENCH_KICK, 2, 0 },
#else
	{ "locked_ticket", BENCH_SELF, BENCH_KICK, 1, 0 },
#endif
	{ "locked_mcs", BENCH_SELF, BENCH_KICK, 2, 0 },
	{ "locked_mutex", BENCH_SELF, BENCH_KICK, 2, 0 },
};

static void counts_are_the_expected_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct fact *f = &facts[i];
		const struct bench_backend *b = bench_backend_find(f->backend);
		struct kick_counts counts;
		enum kick_outcome outcome;

		assert_non_null(b);
		assert_int_equal(b->count->kick(f->path, f->form, false, &counts, &outcome), 0);
		if (counts.locked_rmws == f->locked_rmws && counts.fences == f->fences)
			continue;
		fail_msg("%s %s %s: %lu locked and %lu fences for %lu and %lu", f->backend,
			 bench_path_name[f->path], bench_form_name[f->form], counts.locked_rmws,
			 counts.fences, f->locked_rmws, f->fences);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_the_expected_ones),
		cmocka_unit_test(counts_are_those_of_the_machine_code),
	};

	for (size_t i = 0; i < bench_n_backends; i++) {
		add_cells(&bench_backends[i], false);
		add_cells(&bench_backends[i], true);
	}
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
