/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page made of results folders: one HTML file without scripts and without the network. It is made
 * of the folders' files only, so that folders from elsewhere, older ones and torn ones do, too.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/data/run.h"
#include "report/draw/lanes.h"
#include "report/headline.h"

/*
 * Write the page to `path`, which is replaced when all of it is there. Several runs stand side by
 * side; the others are compared with the first. -errno and one line in err.
 */
int report_write(const struct report_run *run, size_t n, const char *path, char *err, size_t err_size);

/*
 * Write each drawing of the page as an SVG file of its own, DIR/FIGURE-N.svg, with its legend; DIR is made
 * if need be.  -> how many, or -errno and one line in err.
 */
int report_write_figures(const struct report_run *run, size_t n, const char *dir, char *err, size_t err_size);

#endif
