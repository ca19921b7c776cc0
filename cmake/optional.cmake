# SPDX-License-Identifier: GPL-2.0-or-later
# What is used where it is there: libpfm4's names of events.
find_library(PFM_LIBRARY pfm)
find_path(PFM_INCLUDE perfmon/pfmlib_perf_event.h)
if(PFM_LIBRARY AND PFM_INCLUDE)
	add_compile_definitions($<$<COMPILE_LANGUAGE:C>:KICK_HAVE_PFM>)
	link_libraries(${PFM_LIBRARY})
endif()
