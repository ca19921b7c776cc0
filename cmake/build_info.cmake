# SPDX-License-Identifier: GPL-2.0-or-later
# Run at every build: asks git which tree this is, and writes OUTPUT from INPUT if that changed.
set(GIT_REVISION unknown)
execute_process(COMMAND git -C ${SOURCE} rev-parse HEAD RESULT_VARIABLE failed
	OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT failed)
	execute_process(COMMAND git -C ${SOURCE} --no-optional-locks diff --quiet HEAD
		RESULT_VARIABLE dirty ERROR_QUIET)
	set(GIT_REVISION ${revision})
	if(dirty)
		string(APPEND GIT_REVISION +dirty)
	endif()
endif()
configure_file(${INPUT} ${OUTPUT} @ONLY)
