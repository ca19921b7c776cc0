/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A measuring session as verbs see it: signals, progress on the terminal, exit codes. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "bench/session/session.h"

/* What bench_session_open(), _resume() or _join() returned, as an exit code after one line on stderr. */
int verb_session_opened(struct bench_session *session, int failed);
/* Measures, here or in processes.  EXIT_AS_STATED, EXIT_VIOLATED, EXIT_UNDECIDED, ..., or 128 + signal. */
int verb_session_measure(struct bench_session *session, bool in_processes);
/* Writes the end into run.json and closes; returns the worse of `code` and its own. */
int verb_session_close(struct bench_session *session, int code);

#endif
