/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What state the machine is in, from /proc and /sys: what cannot be read is null, never a guess. */
#ifndef RESULTS_HOST_STATE_H
#define RESULTS_HOST_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;

/*
 * CPU model, kernel, mitigations, governor, boost, SMT, clock source, online CPUs, cgroup cpuset,
 * affinity, hypervisor, ... as a JSON object. `root` is put before every path ("" for the real
 * one), so that a test can show it a made-up machine. NULL: out of memory.
 */
struct cJSON *host_state_json(const char *root);

/* What the memory limit of our cgroup is, as it is written there; false: there is none. */
bool host_memory_max(const char *root, char *value, size_t size);

/* For a cell of a table: the host's name, and "x86_64 AMD EPYC 7B13, virtual".  Static. */
const char *host_name(void);
const char *host_machine(void);

/* A member that is null where the text is NULL or "": unknown. */
void host_add_text(struct cJSON *object, const char *name, const char *text);

/* What grows while something else uses our CPUs. */
struct host_noise {
	int64_t steal_ms; /* by the hypervisor, all CPUs; -1 = unknown */
	int64_t nivcsw;	  /* involuntary switches of all threads of this process */
	int64_t nvcsw;	  /* voluntary ones */
	int64_t minflt;	  /* page faults without I/O */
	int64_t throttled; /* times that the cgroup's CPU quota stopped its processes; -1 = unknown */
	int64_t throttled_us;
};

void host_noise_read(const char *root, struct host_noise *noise);

/* The growth from `start` to `finish` as a JSON object. NULL: out of memory. */
struct cJSON *host_noise_json(const struct host_noise *start,
				 const struct host_noise *finish);

#endif
