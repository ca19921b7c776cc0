# SPDX-License-Identifier: GPL-2.0-or-later
# What is used where it is there: libpfm4's names of events, and static probes.
find_library(PFM_LIBRARY pfm)
find_path(PFM_INCLUDE perfmon/pfmlib_perf_event.h)
if(PFM_LIBRARY AND PFM_INCLUDE)
	add_compile_definitions($<$<COMPILE_LANGUAGE:C>:KICK_HAVE_PFM>)
	link_libraries(${PFM_LIBRARY})
endif()
find_path(SDT_INCLUDE sys/sdt.h)
option(KICK_PROBES "static probes, if sys/sdt.h is there" ON)
if(SDT_INCLUDE AND KICK_PROBES)
	add_compile_definitions($<$<COMPILE_LANGUAGE:C>:KICK_HAVE_SDT>)
endif()
