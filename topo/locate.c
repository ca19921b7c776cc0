// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads lists of PUs as users write them: numbers, ranges, hwloc-calc's locations, OS numbers. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "topo/internal.h"

struct list {
	int *pus;
	size_t n;
	size_t room;
};

/* One item being resolved, with the place for the message. */
struct query {
	const struct topo *topo;
	const char *item;
	struct list *list;
	char *err;
	size_t err_size;
};

/* first, first + step, ...; to last if last >= 0, else count of them, else to the end. */
struct range {
	int first, step, last, count;
};

static int push(struct list *list, int pu)
{
	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		int *pus = realloc(list->pus, room * sizeof(*pus));

		if (!pus)
			return -ENOMEM;
		list->pus = pus;
		list->room = room;
	}
	list->pus[list->n++] = pu;
	return 0;
}

/* Digits only: no signs, no blanks, nothing that would not fit. */
static bool take_number(const char **at, int *value)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	errno = 0;
	number = strtoul(*at, &end, 10);
	if (errno || number > 1000000000)
		return false;
	*value = number;
	*at = end;
	return true;
}

static bool take_word(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncasecmp(*at, word, length))
		return false;
	*at += length;
	return true;
}

/* N, A-B, A-B:STRIDE, A-, A:COUNT, all, odd, even; false for anything else. */
static bool take_range(const char **at, struct range *r)
{
	*r = (struct range){ .step = 1, .last = -1, .count = -1 };
	if (take_word(at, "all"))
		return true;
	if (take_word(at, "odd") || take_word(at, "even")) {
		r->first = tolower((unsigned char)(*at)[-1]) == 'd';
		r->step = 2;
		return true;
	}
	if (!take_number(at, &r->first))
		return false;
	if (take_word(at, ":"))
		return take_number(at, &r->count) && r->count > 0;
	if (!take_word(at, "-")) {
		r->count = 1;
		return true;
	}
	if (!take_number(at, &r->last))
		return true;
	if (take_word(at, ":") && !take_number(at, &r->step))
		return false;
	return r->last >= r->first && r->step > 0;
}

/* How many of n objects the range takes; 0 when it asks for one that is not there. */
static int range_size(const struct range *r, int n)
{
	if (r->first >= n || r->last >= n || r->count > n)
		return 0;
	if (r->count > 0)
		return r->count;
	return ((r->last < 0 ? n - 1 : r->last) - r->first) / r->step + 1;
}

/* The i-th of them; A:COUNT wraps around at the end, as in hwloc-calc. */
static int range_at(const struct range *r, int i, int n)
{
	return (int)((r->first + (long)i * r->step) % n);
}

static int bad_syntax(const struct query *q)
{
	return topo_fail(-EINVAL, q->err, q->err_size,
			 "'%s' is no PU: expected a number, a range or a location like "
			 "'package:0.core:0-3.pu:0'",
			 q->item);
}

static int not_there(const struct query *q, int depth, int n)
{
	hwloc_obj_type_t type = hwloc_get_depth_type(q->topo->hw, depth);

	return topo_fail(-ENOENT, q->err, q->err_size, "'%s' does not exist: %s %d of type %s",
			 q->item, n == 1 ? "there is" : "there are", n,
			 hwloc_obj_type_string(type));
}

/*
 * A type's name into a depth of the tree.  Where a machine shows no cores, its PUs are the cores;
 * where it shows no packages, it is one package.
 */
static int find_depth(const struct query *q, const char *name, int *depth)
{
	union hwloc_obj_attr_u attr;
	hwloc_obj_type_t type;

	if (hwloc_type_sscanf(name, &type, &attr, sizeof(attr)) < 0)
		return topo_fail(-EINVAL, q->err, q->err_size,
				 "'%s': no kind of object is called '%s' (try package, die, numa, "
				 "l3, l2, core, pu)",
				 q->item, name);
	if (hwloc_type_sscanf_as_depth(name, NULL, q->topo->hw, depth) < 0)
		*depth = HWLOC_TYPE_DEPTH_UNKNOWN;
	if (*depth == HWLOC_TYPE_DEPTH_UNKNOWN && type == HWLOC_OBJ_CORE)
		*depth = hwloc_get_type_depth(q->topo->hw, HWLOC_OBJ_PU);
	if (*depth == HWLOC_TYPE_DEPTH_UNKNOWN && type == HWLOC_OBJ_PACKAGE)
		*depth = 0;
	if (*depth >= 0 || *depth == HWLOC_TYPE_DEPTH_NUMANODE)
		return 0;
	if (*depth == HWLOC_TYPE_DEPTH_MULTIPLE)
		return topo_fail(-EINVAL, q->err, q->err_size,
				 "'%s': '%s' stands on several levels here; say %s0, %s1, ...",
				 q->item, name, name, name);
	return topo_fail(-ENOENT, q->err, q->err_size, "'%s': this machine shows no %s", q->item,
			 hwloc_obj_type_string(type));
}

/* Memory nodes without PUs keep their number on the whole machine, and are in no other object. */
static bool inside(hwloc_obj_t obj, hwloc_obj_t parent)
{
	return !parent->parent || (!hwloc_bitmap_iszero(obj->cpuset) &&
				   hwloc_bitmap_isincluded(obj->cpuset, parent->cpuset));
}

static hwloc_obj_t next_inside(const struct topo *topo, int depth, hwloc_obj_t parent,
			       hwloc_obj_t after)
{
	do
		after = hwloc_get_next_obj_by_depth(topo->hw, depth, after);
	while (after && !inside(after, parent));
	return after;
}

static hwloc_obj_t nth_inside(const struct topo *topo, int depth, hwloc_obj_t parent, int n)
{
	hwloc_obj_t obj = next_inside(topo, depth, parent, NULL);

	while (obj && n--)
		obj = next_inside(topo, depth, parent, obj);
	return obj;
}

static int count_inside(const struct topo *topo, int depth, hwloc_obj_t parent)
{
	hwloc_obj_t obj = NULL;
	int n = 0;

	while ((obj = next_inside(topo, depth, parent, obj)))
		n++;
	return n;
}

static int push_all(struct query *q, hwloc_obj_t obj)
{
	int pu_depth = hwloc_get_type_depth(q->topo->hw, HWLOC_OBJ_PU);
	hwloc_obj_t pu = NULL;
	int rc = 0;

	if (obj->type == HWLOC_OBJ_PU)
		return push(q->list, obj->logical_index);
	if (hwloc_bitmap_iszero(obj->cpuset))
		return topo_fail(-ENOENT, q->err, q->err_size, "'%s' has memory but no usable PU",
				 q->item);
	while (!rc && (pu = next_inside(q->topo, pu_depth, obj, pu)))
		rc = push(q->list, pu->logical_index);
	return rc;
}

static int resolve_level(struct query *q, const char *at, hwloc_obj_t parent);

static int resolve_range(struct query *q, const char *rest, const struct range *r, int depth,
			 hwloc_obj_t parent)
{
	int n = count_inside(q->topo, depth, parent);
	int size = range_size(r, n);

	if (!size)
		return not_there(q, depth, n);
	for (int i = 0; i < size; i++) {
		hwloc_obj_t obj = nth_inside(q->topo, depth, parent, range_at(r, i, n));
		int rc = *rest ? resolve_level(q, rest, obj) : push_all(q, obj);

		if (rc)
			return rc;
	}
	return 0;
}

/* at is "type:index" or "type:index.type:index...", counted inside parent. */
static int resolve_level(struct query *q, const char *at, hwloc_obj_t parent)
{
	size_t length = strcspn(at, ":.");
	struct range range;
	char type[32];
	int depth, rc;

	if (!isalpha((unsigned char)*at) || length >= sizeof(type) || at[length] != ':')
		return bad_syntax(q);
	snprintf(type, sizeof(type), "%.*s", (int)length, at);
	at += length + 1;
	if (!take_range(&at, &range) || (*at && (*at != '.' || !at[1])))
		return bad_syntax(q);
	rc = find_depth(q, type, &depth);
	return rc ? rc : resolve_range(q, at + (*at == '.'), &range, depth, parent);
}

static bool has_directory(int cpu)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d", cpu);
	return access(path, F_OK) == 0;
}

static int missing_cpu(const struct query *q, int cpu)
{
	hwloc_const_cpuset_t known = hwloc_topology_get_complete_cpuset(q->topo->hw);

	if (hwloc_bitmap_isset(known, cpu) || (topo_is_this_system(q->topo) && has_directory(cpu)))
		return topo_fail(-ENODEV, q->err, q->err_size, "'%s': cpu %d is offline", q->item,
				 cpu);
	return topo_fail(-ENOENT, q->err, q->err_size, "'%s': there is no cpu %d", q->item, cpu);
}

/* OS numbers may be sparse: no counting inside anything, every number of a range must be there. */
static int resolve_cpus(struct query *q, const char *at)
{
	struct range r;
	int rc = 0;

	if (!isdigit((unsigned char)*at) || !take_range(&at, &r) || *at ||
	    (r.last < 0 && r.count < 0))
		return bad_syntax(q);
	if (r.last < 0)
		r.last = r.first + r.count - 1;
	for (int cpu = r.first; !rc && cpu <= r.last; cpu += r.step) {
		int pu = topo_pu_of_cpu(q->topo, cpu);

		rc = pu < 0 ? missing_cpu(q, cpu) : push(q->list, pu);
	}
	return rc;
}

static int resolve(struct query *q)
{
	const char *at = q->item;
	struct range range;

	if (take_word(&at, "cpu:"))
		return resolve_cpus(q, at);
	if (!take_range(&at, &range) || *at)
		return resolve_level(q, q->item, hwloc_get_root_obj(q->topo->hw));
	return resolve_range(q, at, &range, hwloc_get_type_depth(q->topo->hw, HWLOC_OBJ_PU),
			     hwloc_get_root_obj(q->topo->hw));
}

/* Would this item be there if no cpuset and no mask hid it? */
static bool is_hidden(const struct query *q)
{
	struct list list = { .n = 0 };
	struct query again = { .item = q->item, .list = &list };
	struct topo *whole;
	bool found;

	if (topo_load_whole(&whole, q->topo))
		return false;
	again.topo = whole;
	found = whole->n_pus > q->topo->n_pus && !resolve(&again);
	free(list.pus);
	topo_free(whole);
	return found;
}

void topo_isolated(const struct topo *topo, char *list, size_t size)
{
	FILE *in = topo_is_this_system(topo) ? fopen("/sys/devices/system/cpu/isolated", "re") : NULL;
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	if (!in || !fgets(list, (int)size, in))
		*list = '\0';
	list[strcspn(list, "\n")] = '\0';
	if (in)
		fclose(in);
	/* Without those that taskset has named. */
	if (*list && cpus && !hwloc_bitmap_list_sscanf(cpus, list)) {
		hwloc_bitmap_andnot(cpus, cpus, hwloc_topology_get_topology_cpuset(topo->hw));
		hwloc_bitmap_list_snprintf(list, size, cpus);
	}
	hwloc_bitmap_free(cpus);
}

static int resolve_or_explain(struct query *q)
{
	int rc = resolve(q);
	char cpus[96], isolated[96];

	if ((rc != -ENOENT && rc != -ENODEV) || !is_hidden(q))
		return rc;
	topo_list_cpus(q->topo, cpus, sizeof(cpus));
	topo_isolated(q->topo, isolated, sizeof(isolated));
	return topo_fail(-EACCES, q->err, q->err_size,
			 "'%s' is outside the cpuset or affinity mask: usable are PUs 0-%d (cpu %s)%s%s",
			 q->item, q->topo->n_pus - 1, cpus,
			 *isolated ? "; isolated, so that taskset must name them, are cpu " : "", isolated);
}

static int parse_items(struct query *q, char *text)
{
	int rc = 0;

	while (!rc && (q->item = strsep(&text, ",")))
		rc = *q->item ? resolve_or_explain(q)
			      : topo_fail(-EINVAL, q->err, q->err_size,
					  "empty item in a list of PUs");
	return rc;
}

int topo_parse(const struct topo *topo, const char *text, int **pus, size_t *n, char *err,
	       size_t err_size)
{
	struct list list = { .n = 0 };
	struct query q = { .topo = topo, .list = &list, .err = err, .err_size = err_size };
	char *copy = strdup(text);
	int rc = copy ? parse_items(&q, copy) : -ENOMEM;

	free(copy);
	if (rc == -ENOMEM)
		topo_fail(rc, err, err_size, "Cannot allocate memory");
	if (rc) {
		free(list.pus);
		return rc;
	}
	*pus = list.pus;
	*n = list.n;
	return 0;
}

int topo_parse_one(const struct topo *topo, const char *text, int *pu, char *err, size_t err_size)
{
	size_t n;
	int *pus;
	int rc = topo_parse(topo, text, &pus, &n, err, err_size);

	if (rc)
		return rc;
	if (n == 1)
		*pu = pus[0];
	else
		rc = topo_fail(-EINVAL, err, err_size, "'%s' names %zu PUs, one is wanted", text,
			       n);
	free(pus);
	return rc;
}
