// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine's state from made-up /proc and /sys trees: what is read, and that nothing is guessed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include <cmocka.h>

#include "results/host_state.h"
#include "tests/scratch.h"

static const char *root;

static void put(const char *path, const char *text)
{
	char full[SCRATCH_SIZE];
	FILE *out;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0777);
		*slash = '/';
	}
	out = fopen(full, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static struct cJSON *machine;

static const char *text_of(const char *name)
{
	const struct cJSON *item = cJSON_GetObjectItemCaseSensitive(machine, name);

	assert_non_null(item);
	return cJSON_IsNull(item)   ? "null"
	       : cJSON_IsBool(item) ? (cJSON_IsTrue(item) ? "true" : "false")
				    : cJSON_GetStringValue(item);
}

static void look(void)
{
	machine = host_state_json(root);
	assert_non_null(machine);
}

static void an_unreadable_machine_is_null_throughout(void **state)
{
	const struct cJSON *item;

	(void)state;
	look();
	cJSON_ArrayForEach(item, machine)
	{
		if (strcmp(item->string, "arch") && strcmp(item->string, "mitigations"))
			assert_true(cJSON_IsNull(item));
	}
	cJSON_Delete(machine);
}

static void a_big_x86_server(void **state)
{
	const struct cJSON *mitigations;

	(void)state;
	put("/proc/sys/kernel/hostname", "big\n");
	put("/proc/cpuinfo",
	    "processor\t: 0\nmodel name\t: AMD EPYC 9654 96-Core Processor\nstepping\t: 1\n"
	    "microcode\t: 0xa101144\nflags\t\t: fpu vme constant_tsc nonstop_tsc_s3\n\n"
	    "processor\t: 1\nmodel name\t: other\n");
	put("/sys/devices/system/cpu/vulnerabilities/spectre_v2",
	    "Mitigation: Retpolines; STIBP: always-on\n");
	put("/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
	put("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "performance\n");
	put("/sys/devices/system/cpu/cpufreq/policy1/scaling_governor", "performance\n");
	put("/sys/devices/system/cpu/cpufreq/policy2/scaling_governor", "schedutil\n");
	put("/sys/devices/system/cpu/cpufreq/boost", "1\n");
	put("/sys/devices/system/cpu/smt/control", "on\n");
	put("/sys/devices/system/cpu/isolated", "\n");
	put("/sys/devices/system/cpu/nohz_full", "2-7\n");
	put("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
	put("/proc/self/status", "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n");
	put("/proc/self/cgroup", "0::/user.slice/job\n");
	put("/sys/fs/cgroup/user.slice/job/cpuset.cpus.effective", "0-3\n");
	put("/sys/fs/cgroup/user.slice/job/cpu.max", "50000 100000\n");
	put("/sys/fs/cgroup/user.slice/job/memory.max", "1073741824\n");
	look();
	assert_string_equal(text_of("hostname"), "big");
	assert_string_equal(text_of("cpu_model"), "AMD EPYC 9654 96-Core Processor");
	assert_string_equal(text_of("microcode"), "0xa101144");
	assert_string_equal(text_of("hypervisor"), "false");
	assert_string_equal(text_of("constant_tsc"), "true");
	assert_string_equal(text_of("nonstop_tsc"), "false"); /* a longer word is another flag */
	assert_string_equal(text_of("governor"), "performance+schedutil");
	assert_string_equal(text_of("boost"), "true");
	assert_string_equal(text_of("smt"), "on");
	assert_string_equal(text_of("clock_source"), "tsc");
	assert_string_equal(text_of("cpus_isolated"), "none"); /* an empty list was read */
	assert_string_equal(text_of("cpus_nohz_full"), "2-7");
	assert_string_equal(text_of("cpus_allowed"), "0-7");
	assert_string_equal(text_of("cgroup_cpuset"), "0-3");
	assert_string_equal(text_of("cgroup_cpu_quota"), "50000 100000");
	assert_string_equal(text_of("cgroup_memory_max"), "1073741824");
	mitigations = cJSON_GetObjectItem(machine, "mitigations");
	assert_int_equal(cJSON_GetArraySize(mitigations), 2);
	assert_string_equal(cJSON_GetObjectItem(mitigations, "meltdown")->valuestring,
			    "Not affected");
	cJSON_Delete(machine);
}

static void an_old_intel_virtual_machine(void **state)
{
	(void)state;
	put("/proc/cpuinfo", "model name\t: Intel(R) Xeon(R)\nflags\t\t: fpu hypervisor\n");
	put("/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
	put("/proc/self/cgroup", "4:memory:/x\n3:cpuset,cpu:/\n0::/\n");
	put("/sys/fs/cgroup/cpuset/cpuset.effective_cpus", "0-1\n");
	put("/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "4096\n");
	look();
	assert_string_equal(text_of("hypervisor"), "true");
	assert_string_equal(text_of("boost"), "false");
	assert_string_equal(text_of("cgroup_cpuset"), "0-1");
	assert_string_equal(text_of("cgroup_cpu_quota"), "null");
	assert_string_equal(text_of("cgroup_memory_max"), "4096");
	cJSON_Delete(machine);
}

static void a_group_in_a_limited_one(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/slice/job/step\n");
	put("/sys/fs/cgroup/slice/job/step/memory.max", "max\n");
	put("/sys/fs/cgroup/slice/job/step/cpu.max", "max 100000\n");
	put("/sys/fs/cgroup/slice/job/memory.max", "max\n");
	put("/sys/fs/cgroup/slice/memory.max", "4096\n");
	put("/sys/fs/cgroup/slice/cpu.max", "50000 100000\n");
	look();
	assert_string_equal(text_of("cgroup_memory_max"), "4096");
	assert_string_equal(text_of("cgroup_cpu_quota"), "50000 100000");
	cJSON_Delete(machine);
}

/* No "model name" and no "flags": not knowing about a hypervisor is not "none". */
static void an_arm_machine(void **state)
{
	(void)state;
	put("/proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
	look();
	assert_string_equal(text_of("cpu_model"), "0xd0c");
	assert_string_equal(text_of("hypervisor"), "null");
	cJSON_Delete(machine);
}

static void noise_is_growth(void **state)
{
	struct host_noise start, finish;
	struct cJSON *noise;
	double expected_ms = 25 * 1000.0 / (double)sysconf(_SC_CLK_TCK);

	(void)state;
	put("/proc/stat", "cpu  1 2 3 4 5 6 7 100 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n");
	host_noise_read(root, &start);
	put("/proc/stat", "cpu  1 2 3 4 5 6 7 125 0 0\n");
	host_noise_read(root, &finish);
	noise = host_noise_json(&start, &finish);
	assert_true(cJSON_GetObjectItem(noise, "steal_ms")->valuedouble == expected_ms);
	assert_true(cJSON_GetObjectItem(noise, "involuntary_switches")->valuedouble >= 0);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(noise, "throttled")));
	cJSON_Delete(noise);
	finish.steal_ms = -1;
	noise = host_noise_json(&start, &finish);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(noise, "steal_ms")));
	cJSON_Delete(noise);
}

static void a_cpu_quota_is_noise(void **state)
{
	static const struct {
		const char *cgroup, *path, *before, *after;
	} as[] = {
		{ "0::/job\n", "/sys/fs/cgroup/job/cpu.stat",
		  "usage_usec 9\nnr_periods 4\nnr_throttled 3\nthrottled_usec 1500\n",
		  "usage_usec 9\nnr_periods 9\nnr_throttled 7\nthrottled_usec 4000\n" },
		{ "0::/job\n", "/sys/fs/cgroup/cpu.stat", /* a container's own mount */
		  "nr_throttled 3\nthrottled_usec 1500\n", "nr_throttled 7\nthrottled_usec 4000\n" },
		{ "0::/slice/job\n", "/sys/fs/cgroup/slice/cpu.stat", /* the quota is that of a group above */
		  "nr_throttled 3\nthrottled_usec 1500\n", "nr_throttled 7\nthrottled_usec 4000\n" },
		{ "3:cpu,cpuacct:/job\n", "/sys/fs/cgroup/cpu/job/cpu.stat",
		  "nr_throttled 3\nthrottled_time 1500000\n", "nr_throttled 7\nthrottled_time 4000000\n" },
	};

	for (size_t i = 0; i < sizeof(as) / sizeof(as[0]); i++) {
		struct host_noise start, finish;
		struct cJSON *noise;

		scratch_empty(state);
		put("/proc/self/cgroup", as[i].cgroup);
		put(as[i].path, as[i].before);
		host_noise_read(root, &start);
		put(as[i].path, as[i].after);
		host_noise_read(root, &finish);
		noise = host_noise_json(&start, &finish);
		assert_true(cJSON_GetObjectItem(noise, "throttled")->valuedouble == 4);
		assert_true(cJSON_GetObjectItem(noise, "throttled_ms")->valuedouble == 2.5);
		cJSON_Delete(noise);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(an_unreadable_machine_is_null_throughout, scratch_empty),
		cmocka_unit_test_teardown(a_big_x86_server, scratch_empty),
		cmocka_unit_test_teardown(an_old_intel_virtual_machine, scratch_empty),
		cmocka_unit_test_teardown(a_group_in_a_limited_one, scratch_empty),
		cmocka_unit_test_teardown(an_arm_machine, scratch_empty),
		cmocka_unit_test_teardown(noise_is_growth, scratch_empty),
		cmocka_unit_test_teardown(a_cpu_quota_is_noise, scratch_empty),
	};

	root = scratch();
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
