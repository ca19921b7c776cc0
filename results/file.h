/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is there whole, or as it was before. */
#ifndef RESULTS_FILE_H
#define RESULTS_FILE_H

#include <stddef.h>

/*
 * Write all of `text` to `path`, through links.  A regular file, there or not yet, is replaced by a rename:
 * whoever is killed, or finds the disk full, leaves the old one and nothing beside it.  To anything else (a
 * device, a FIFO, what stdout or stderr goes to) it is written directly.  -errno.
 */
int results_file_write(const char *path, const char *text, size_t size);
/*
 * Can it be, as far as is known before?  For those who work for long before they write.  A regular file
 * that holds what does not begin with `starts`, as ours would, is somebody's: -EEXIST; NULL: any will do.
 * -errno.
 */
int results_file_check(const char *path, const char *starts);

#endif
