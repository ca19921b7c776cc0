// SPDX-License-Identifier: GPL-2.0-or-later
/* deny CALL[,CALL] COMMAND...: runs it where a filter of seccomp answers these system calls with EPERM. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	unsigned int number;
} calls[] = {
	{ "tgkill", SYS_tgkill },
	{ "membarrier", SYS_membarrier },
	{ "perf_event_open", SYS_perf_event_open },
	{ "sched_setaffinity", SYS_sched_setaffinity },
	{ "sched_getaffinity", SYS_sched_getaffinity },
	{ "rseq", 334 }, /* of x86-64; its header may be older */
};
enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static int add(struct sock_filter *code, int n, const char *name)
{
	for (int i = 0; i < CALLS; i++) {
		if (strcmp(calls[i].name, name))
			continue;
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
		return n;
	}
	fprintf(stderr, "deny: %s is not on the list\n", name);
	return -1;
}

int main(int argc, char **argv)
{
	struct sock_filter code[2 * CALLS + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
	};
	struct sock_fprog filter = { .filter = code };
	int n = 1;

	for (char *name = argc > 2 ? strtok(argv[1], ",") : NULL; name && n > 0; name = strtok(NULL, ","))
		n = n < 2 * CALLS ? add(code, n, name) : -1;
	if (argc < 3 || n < 0)
		return 2;
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter.len = (unsigned short)n;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) {
		perror("deny");
		return 4; /* cannot run here */
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
