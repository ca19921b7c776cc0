# SPDX-License-Identifier: GPL-2.0-or-later
# What is used where it is there: libpfm4's names of events, static probes, and libdw's of lines and fields.
# Both libraries are loaded when somebody asks (perf/pfm.c, apart/where.c): a start of the program takes two thirds
# of the processor time that it takes where it is linked with them.
link_libraries(${CMAKE_DL_LIBS})
set(kick_loads "")
find_library(PFM_LIBRARY NAMES libpfm.so.4)
find_path(PFM_INCLUDE perfmon/pfmlib_perf_event.h)
if(PFM_LIBRARY AND PFM_INCLUDE)
	add_compile_definitions($<$<COMPILE_LANGUAGE:C>:KICK_HAVE_PFM>)
	list(APPEND kick_loads libpfm4)
endif()
find_path(SDT_INCLUDE sys/sdt.h)
option(KICK_PROBES "static probes, if sys/sdt.h is there" ON)
if(SDT_INCLUDE AND KICK_PROBES)
	add_compile_definitions($<$<COMPILE_LANGUAGE:C>:KICK_HAVE_SDT>)
endif()
find_library(DW_LIBRARY NAMES libdw.so.1)
find_path(DW_INCLUDE elfutils/libdwfl.h)
if(DW_LIBRARY AND DW_INCLUDE)
	add_compile_definitions($<$<COMPILE_LANGUAGE:C>:KICK_HAVE_DW>)
	list(APPEND kick_loads libdw1)
endif()
# Explore's units of a backend, whose plain accesses the engine looks at (explore/engine/shared.c), and whose
# large arrays must touch the guard below the stack.  Beside a sanitizer neither can be.  The names of fields
# that it says are libdw's (apart/where.c): -g, without where variables are, a sixth of the time.  Who judges
# with another compiler than this one has what any of them takes.
include(CheckCCompilerFlag)
set(seen "")
set(seen_anywhere "")
if(NOT KICK_SANITIZE)
	set(seen_anywhere -g -fsanitize=thread -fno-lto -fno-builtin-memset -fno-builtin-memcpy -fno-builtin-memmove)
	check_c_compiler_flag(-fstack-clash-protection KICK_CLASH)
	if(KICK_CLASH)
		list(APPEND seen_anywhere -fstack-clash-protection)
	endif()
	if(CMAKE_C_COMPILER_ID STREQUAL GNU)
		set(seen ${seen_anywhere} --param=tsan-instrument-func-entry-exit=0 -fno-var-tracking
			-fno-var-tracking-assignments)
	else()
		set(seen ${seen_anywhere} -mllvm -tsan-instrument-func-entry-exit=0)
	endif()
	add_compile_definitions(KICK_PLAIN_SEEN)
endif()
