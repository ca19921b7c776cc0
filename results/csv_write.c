// SPDX-License-Identifier: GPL-2.0-or-later
/* The writer: one write(2) per row, at the end of the file: a SIGKILL can only cut the last one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "results/csv.h"
#include "results/error.h"
#include "results/host_state.h"

/* RFC 4180: quoted only where needed; outer blanks are quoted since spreadsheets drop them. */
static void put_cell(FILE *out, const char *text)
{
	size_t n = strlen(text);
	bool plain = !strpbrk(text, ",\"\r\n") && (!n || (text[0] != ' ' && text[n - 1] != ' '));

	if (plain) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

/* One line in memory: the names, or a row's cells. */
static int print_line(const struct csv_schema *schema, char *const *text, char **line, size_t *size)
{
	FILE *out = open_memstream(line, size);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < schema->n; i++) {
		const char *name = schema->column[i].name, *cell = text ? text[i] : name;

		if (!cell && !strcmp(name, "host"))
			cell = host_name();
		else if (!cell && !strcmp(name, "machine"))
			cell = host_machine();

		if (i)
			fputc(',', out);
		if (cell)
			put_cell(out, cell);
	}
	fputc('\n', out);
	return fclose(out) ? -ENOMEM : 0;
}

static ssize_t write_once(int fd, const char *line, size_t size)
{
	ssize_t done;

	do
		done = write(fd, line, size);
	while (done < 0 && errno == EINTR);
	return done < 0 ? -errno : done;
}

/* Append whole lines or nothing. */
static int append(int fd, const char *line, size_t size)
{
	struct stat before;
	ssize_t done;

	if (fstat(fd, &before))
		return -errno;
	done = write_once(fd, line, size);
	if (done < 0)
		return (int)done;
	if ((size_t)done == size)
		return 0;
	/* A pipe or device cannot be cut back; its reader sees a torn line. */
	if (ftruncate(fd, before.st_size) && S_ISREG(before.st_mode))
		return -errno;
	return -ENOSPC;
}

static int append_line(const struct csv_writer *writer, char *const *text)
{
	char *line = NULL;
	size_t size = 0;
	int ret = print_line(writer->schema, text, &line, &size);

	if (!ret)
		ret = append(writer->fd, line, size);
	free(line);
	return ret;
}

int csv_writer_stream(struct csv_writer *writer, int fd, const struct csv_schema *schema)
{
	*writer = (struct csv_writer){ .fd = fd, .schema = schema };
	return append_line(writer, NULL);
}

/*
 * Cut behind the last whole record, or behind record number `last` if there are more.  A line end inside
 * quotes is no record's end: an odd number of quotes came before it.
 */
static int cut_records(int fd, size_t last)
{
	char chunk[1 << 16];
	bool quoted = false;
	size_t records = 0;
	off_t at = 0, whole = 0;
	ssize_t n = 0;

	while (records < last && (n = pread(fd, chunk, sizeof(chunk), at)) > 0) {
		for (ssize_t i = 0; i < n && records < last; i++) {
			quoted ^= chunk[i] == '"';
			if (chunk[i] == '\n' && !quoted) {
				whole = at + i + 1;
				records++;
			}
		}
		at += n;
	}
	return n < 0 || ftruncate(fd, whole) ? -errno : 0;
}

/* As far as the file goes: of a torn header its part. */
static bool has_header(int fd, const char *header, size_t size)
{
	char *there = malloc(size);
	ssize_t n = there ? pread(fd, there, size, 0) : -1;
	bool same = n >= 0 && !memcmp(there, header, (size_t)n);

	free(there);
	return same;
}

static int cut_torn_line(const struct csv_writer *writer, const char *path, char *err,
			 size_t err_size)
{
	char *header = NULL;
	size_t size = 0;
	int ret = print_line(writer->schema, NULL, &header, &size);
	bool same = !ret && has_header(writer->fd, header, size);

	free(header);
	if (!ret && !same)
		return results_fail(-EINVAL, err, err_size, "%s: its columns are not those of %s.csv", path,
				    writer->schema->name);
	if (!ret)
		ret = cut_records(writer->fd, SIZE_MAX);
	return ret ? results_fail(ret, err, err_size, "%s: %s", path, strerror(-ret)) : 0;
}

static int prepare(const struct csv_writer *writer, const char *path, enum csv_open how, char *err,
		   size_t err_size)
{
	struct stat st;
	int ret;

	if (fstat(writer->fd, &st))
		return results_fail(-errno, err, err_size, "%s: %s", path, strerror(errno));
	if (how == CSV_CREATE && st.st_size)
		return results_fail(-EEXIST, err, err_size, "%s: exists already", path);
	if (st.st_size) {
		ret = cut_torn_line(writer, path, err, err_size);
		if (ret || fstat(writer->fd, &st))
			return ret ? ret : -errno;
	}
	ret = st.st_size ? 0 : append_line(writer, NULL);
	return ret ? results_fail(ret, err, err_size, "%s: %s", path, strerror(-ret)) : 0;
}

int csv_writer_open(struct csv_writer *writer, const char *path, const struct csv_schema *schema,
		    enum csv_open how, char *err, size_t err_size)
{
	int ret;

	*writer = (struct csv_writer){ .schema = schema };
	writer->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (writer->fd < 0)
		return results_fail(-errno, err, err_size, "%s: %s", path, strerror(errno));
	ret = prepare(writer, path, how, err, err_size);
	if (ret)
		csv_writer_close(writer);
	return ret;
}

int csv_write(struct csv_writer *writer, const struct csv_row *row)
{
	if (row->error || row->schema != writer->schema)
		return row->error ? row->error : -EINVAL;
	return append_line(writer, row->text);
}

int csv_cut(struct csv_writer *writer, size_t n_rows)
{
	return cut_records(writer->fd, n_rows + 1);
}

int csv_writer_close(struct csv_writer *writer)
{
	int fd = writer->fd;

	writer->fd = -1;
	return fd >= 0 && close(fd) ? -errno : 0;
}
