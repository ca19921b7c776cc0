// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines and fields, by libdw where it is there. */
#include "apart/where.h"

#include <string.h>

const char *apart_from_root(const char *file)
{
	while (!strncmp(file, "./", 2) || !strncmp(file, "../", 3))
		file += strcspn(file, "/") + 1;
	return file;
}

#ifndef KICK_HAVE_DW
bool apart_where(const void *pc, char *text, size_t size)
{
	(void)pc;
	(void)text;
	(void)size;
	return false;
}

bool apart_field(const void *pc, const char *tag, size_t offset, char *text, size_t size)
{
	(void)pc;
	(void)tag;
	(void)offset;
	(void)text;
	(void)size;
	return false;
}
#else
#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

/* Loaded by the first who asks: with what it needs in turn it would cost a fourth of every start. */
#define FUNCTIONS \
	X(dwarf_attr) X(dwarf_child) X(dwarf_diename) X(dwarf_formref_die) \
	X(dwarf_formudata) X(dwarf_siblingof) X(dwarf_tag) X(dwfl_addrmodule) X(dwfl_begin) \
	X(dwfl_end) X(dwfl_lineinfo) X(dwfl_linux_proc_find_elf) X(dwfl_linux_proc_report) \
	X(dwfl_module_addrdie) X(dwfl_module_getsrc) X(dwfl_report_end)

#define X(name) __typeof__(name) *name;
static struct {
	FUNCTIONS
} dw;
#undef X

static bool loaded(void)
{
	void *library = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
#define X(name)                                                     \
	dw.name = (__typeof__(name) *)dlsym(library, #name);        \
	if (!dw.name)                                               \
		return false;
	FUNCTIONS
#undef X
	return true;
}

/* Only what this program has in itself: nothing is searched for, or fetched. */
static int no_other_file(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			 const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)found;
	return -1;
}

static Dwfl *open_self(void)
{
	static Dwfl_Callbacks callbacks = { .find_debuginfo = no_other_file };
	Dwfl *dwfl;

	if (!loaded())
		return NULL;
	callbacks.find_elf = dw.dwfl_linux_proc_find_elf;
	dwfl = dw.dwfl_begin(&callbacks);
	if (!dwfl)
		return NULL;
	if (!dw.dwfl_linux_proc_report(dwfl, getpid()) && !dw.dwfl_report_end(dwfl, NULL, NULL))
		return dwfl;
	dw.dwfl_end(dwfl);
	return NULL;
}

static Dwarf_Addr address(const void *pc)
{
	return (Dwarf_Addr)(uintptr_t)pc;
}

bool apart_where(const void *pc, char *text, size_t size)
{
	Dwfl *dwfl = pc ? open_self() : NULL;
	Dwfl_Module *module = dwfl ? dw.dwfl_addrmodule(dwfl, address(pc)) : NULL;
	Dwfl_Line *line = module ? dw.dwfl_module_getsrc(module, address(pc)) : NULL;
	const char *file = NULL;
	int number = 0;

	if (line)
		file = dw.dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
	if (file)
		snprintf(text, size, "%s:%d", apart_from_root(file), number);
	if (dwfl)
		dw.dwfl_end(dwfl);
	return file;
}

static bool attribute(Dwarf_Die *die, unsigned int name, Dwarf_Word *value)
{
	Dwarf_Attribute found;

	return dw.dwarf_attr(die, name, &found) && !dw.dwarf_formudata(&found, value);
}

/* Where a member begins, in bits. */
static bool begins(Dwarf_Die *die, Dwarf_Word *bit)
{
	if (dw.dwarf_tag(die) != DW_TAG_member || !dw.dwarf_diename(die))
		return false;
	if (attribute(die, DW_AT_data_bit_offset, bit))
		return true;
	if (!attribute(die, DW_AT_data_member_location, bit))
		return false;
	*bit *= 8;
	return true;
}

/*
 * The last member at or before the offset; one that is a struct itself: its member, too.  And the bit-fields
 * that begin in the same byte.
 */
static bool member(Dwarf_Die *of, Dwarf_Word offset, char *text, size_t size)
{
	Dwarf_Attribute found;
	Dwarf_Die die, best, type;
	Dwarf_Word at, best_at = 0;
	bool any = false;
	size_t n = 0;

	if (dw.dwarf_child(of, &die))
		return false;
	do {
		if (!begins(&die, &at) || at > 8 * offset + 7)
			continue;
		if (at > 8 * offset && n < size)
			n += (size_t)snprintf(text + n, size - n, ", %s", dw.dwarf_diename(&die));
		if (at > 8 * offset || (any && at < best_at))
			continue;
		best = die;
		best_at = at;
		any = true;
		n = (size_t)snprintf(text, size, "%s", dw.dwarf_diename(&best));
	} while (!dw.dwarf_siblingof(&die, &die));
	if (any && n + 1 < size && dw.dwarf_attr(&best, DW_AT_type, &found) &&
	    dw.dwarf_formref_die(&found, &type) && dw.dwarf_tag(&type) == DW_TAG_structure_type &&
	    member(&type, offset - best_at / 8, text + n + 1, size - n - 1))
		text[n] = '.';
	return any;
}

bool apart_field(const void *pc, const char *tag, size_t offset, char *text, size_t size)
{
	Dwfl *dwfl = pc ? open_self() : NULL;
	Dwfl_Module *module = dwfl ? dw.dwfl_addrmodule(dwfl, address(pc)) : NULL;
	Dwarf_Addr bias;
	Dwarf_Die *unit = module ? dw.dwfl_module_addrdie(module, address(pc), &bias) : NULL, die;
	bool found = false;

	if (unit && !dw.dwarf_child(unit, &die))
		do {
			bool structure = dw.dwarf_tag(&die) == DW_TAG_structure_type;
			const char *name = structure ? dw.dwarf_diename(&die) : NULL;

			found = name && !strcmp(name, tag) && member(&die, offset, text, size);
		} while (!found && !dw.dwarf_siblingof(&die, &die));
	if (dwfl)
		dw.dwfl_end(dwfl);
	return found;
}
#endif
