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
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

/* Only what this program has in itself: nothing is searched for, or fetched. */
static int no_other_file(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			 const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)found;
	return -1;
}

static Dwfl *open_self(void)
{
	static const Dwfl_Callbacks callbacks = { .find_elf = dwfl_linux_proc_find_elf,
						  .find_debuginfo = no_other_file };
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (!dwfl)
		return NULL;
	if (!dwfl_linux_proc_report(dwfl, getpid()) && !dwfl_report_end(dwfl, NULL, NULL))
		return dwfl;
	dwfl_end(dwfl);
	return NULL;
}

static Dwarf_Addr address(const void *pc)
{
	return (Dwarf_Addr)(uintptr_t)pc;
}

bool apart_where(const void *pc, char *text, size_t size)
{
	Dwfl *dwfl = pc ? open_self() : NULL;
	Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, address(pc)) : NULL;
	Dwfl_Line *line = module ? dwfl_module_getsrc(module, address(pc)) : NULL;
	const char *file = NULL;
	int number = 0;

	if (line)
		file = dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
	if (file)
		snprintf(text, size, "%s:%d", apart_from_root(file), number);
	dwfl_end(dwfl);
	return file;
}

static bool attribute(Dwarf_Die *die, unsigned int name, Dwarf_Word *value)
{
	Dwarf_Attribute found;

	return dwarf_attr(die, name, &found) && !dwarf_formudata(&found, value);
}

/* Where a member begins, in bits. */
static bool begins(Dwarf_Die *die, Dwarf_Word *bit)
{
	if (dwarf_tag(die) != DW_TAG_member || !dwarf_diename(die))
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

	if (dwarf_child(of, &die))
		return false;
	do {
		if (!begins(&die, &at) || at > 8 * offset + 7)
			continue;
		if (at > 8 * offset && n < size)
			n += (size_t)snprintf(text + n, size - n, ", %s", dwarf_diename(&die));
		if (at > 8 * offset || (any && at < best_at))
			continue;
		best = die;
		best_at = at;
		any = true;
		n = (size_t)snprintf(text, size, "%s", dwarf_diename(&best));
	} while (!dwarf_siblingof(&die, &die));
	if (any && n + 1 < size && dwarf_attr(&best, DW_AT_type, &found) &&
	    dwarf_formref_die(&found, &type) && dwarf_tag(&type) == DW_TAG_structure_type &&
	    member(&type, offset - best_at / 8, text + n + 1, size - n - 1))
		text[n] = '.';
	return any;
}

bool apart_field(const void *pc, const char *tag, size_t offset, char *text, size_t size)
{
	Dwfl *dwfl = pc ? open_self() : NULL;
	Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, address(pc)) : NULL;
	Dwarf_Addr bias;
	Dwarf_Die *unit = module ? dwfl_module_addrdie(module, address(pc), &bias) : NULL, die;
	bool found = false;

	if (unit && !dwarf_child(unit, &die))
		do {
			bool structure = dwarf_tag(&die) == DW_TAG_structure_type;
			const char *name = structure ? dwarf_diename(&die) : NULL;

			found = name && !strcmp(name, tag) && member(&die, offset, text, size);
		} while (!found && !dwarf_siblingof(&die, &die));
	dwfl_end(dwfl);
	return found;
}
#endif
