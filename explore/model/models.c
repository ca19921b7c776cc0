// SPDX-License-Identifier: GPL-2.0-or-later
/* Which memory models there are: nobody else has a list of them. */
#include "explore/model/models.h"

#include <string.h>

const struct xp_model *const xp_models[] = { &xp_sc, &xp_tso, &xp_pso, &xp_rc11,
						 &xp_lkmm, &xp_armv8, NULL };

const struct xp_model *xp_find_model(const char *name)
{
	const struct xp_model *m;

	xp_for_each_model(m)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

const struct xp_model *xp_model_of_bit(unsigned int bit)
{
	const struct xp_model *m;

	xp_for_each_model(m)
		if (m->bit == bit)
			return m;
	return NULL;
}

unsigned int xp_model_bit(const char *name)
{
	const struct xp_model *m = xp_find_model(name);

	return m ? m->bit : 0;
}
