# SPDX-License-Identifier: GPL-2.0-or-later
# What `kickbench judge` makes programs from, in one folder: an archive of all that no backend's text is in,
# headers and templates, the protocols, and the flags.  In a build directory it is kit/, of links into the source.
set(kit ${CMAKE_BINARY_DIR}/kit)
set(kit_folders include impl machine stress bench explore topo results perf apart cmake kit)

# Compiled anew for each such program: what lists the backends, and what stands for this build.
set(kit_own /gen/kb_|/registry\\.c|/source_key\\.c|/build_info\\.c)

function(kick_kit)
	get_property(libraries GLOBAL PROPERTY kick_libraries)
	foreach(library ${libraries})
		list(APPEND objects "$<FILTER:$<TARGET_OBJECTS:${library}>,EXCLUDE,${kit_own}>")
	endforeach()
	add_library(kickbench_kit STATIC cli/main.c ${objects})
	set_target_properties(kickbench_kit PROPERTIES OUTPUT_NAME kickbench ARCHIVE_OUTPUT_DIRECTORY ${kit})
	file(MAKE_DIRECTORY ${kit})
	foreach(folder ${kit_folders})
		file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${kit}/${folder} SYMBOLIC)
	endforeach()
	if(hwloc_archive AND udev)
		file(CREATE_LINK ${hwloc_archive} ${kit}/libhwloc.a SYMBOLIC)
	endif()
	kit_flags()
	kit_install()
endfunction()

# As files that a compiler takes with @.  A probe's header need not be where a protocol is judged.
function(kit_flags)
	string(TOUPPER ${CMAKE_BUILD_TYPE} type)
	list(JOIN flags " " common)
	get_directory_property(definitions COMPILE_DEFINITIONS)
	string(REGEX MATCHALL "KICK_[A-Z_]+" definitions "${definitions}")
	list(REMOVE_ITEM definitions KICK_HAVE_SDT KICK_HAVE_PFM KICK_HAVE_DW KICK_PROBES)
	list(TRANSFORM definitions PREPEND " -D")
	list(TRANSFORM ck_INCLUDE_DIRS PREPEND " -I")
	list(JOIN seen_anywhere " " of_explore)
	string(STRIP "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}} -std=gnu17 ${common} -D_GNU_SOURCE" c_flags)
	string(REGEX REPLACE "-W[a-z]+ ?" "" c_flags "${c_flags}")
	string(CONCAT c_flags "${c_flags}" ${definitions} ${ck_INCLUDE_DIRS})
	file(CONFIGURE OUTPUT ${kit}/cflags CONTENT "${c_flags}\n" @ONLY)
	if(of_explore)
		file(CONFIGURE OUTPUT ${kit}/seen CONTENT "${of_explore}\n" @ONLY)
	endif()
	string(REPLACE "LINKER:" "-Wl," wraps "${kick_wraps}")
	list(JOIN wraps " " wraps)
	file(CONFIGURE OUTPUT ${kit}/ldflags CONTENT "${CMAKE_EXE_LINKER_FLAGS} ${common} ${wraps} -lm\n" @ONLY)
	get_property(units GLOBAL PROPERTY kick_units)
	list(APPEND units "- bench/loop/registry.c" "- stress/registry.c" "- explore/world/registry.c"
		"- explore/cell/source_key.c" "- kit/registry.c" "- @build_info.c")
	list(JOIN units "\n" units)
	file(CONFIGURE OUTPUT ${kit}/units CONTENT "${units}\n" @ONLY)
endfunction()

function(kit_install)
	set(to ${CMAKE_INSTALL_LIBDIR}/kickbench)
	foreach(folder ${kit_folders})
		glob_sources(files ${CMAKE_SOURCE_DIR}/${folder}/*.h ${CMAKE_SOURCE_DIR}/${folder}/*/*.h
			${CMAKE_SOURCE_DIR}/${folder}/*_tmpl.c ${CMAKE_SOURCE_DIR}/${folder}/*/*_tmpl.c
			${CMAKE_SOURCE_DIR}/${folder}/registry.c ${CMAKE_SOURCE_DIR}/${folder}/*/registry.c
			${CMAKE_SOURCE_DIR}/${folder}/*/source_key.c)
		foreach(file ${files})
			cmake_path(GET file PARENT_PATH folder_of)
			install(FILES ${file} DESTINATION ${to}/${folder_of})
		endforeach()
	endforeach()
	install(FILES ${kit}/cflags ${kit}/ldflags ${kit}/units DESTINATION ${to})
	install(FILES ${kit}/seen DESTINATION ${to} OPTIONAL)
	install(TARGETS kickbench_kit ARCHIVE DESTINATION ${to})
	if(hwloc_archive AND udev)
		install(FILES ${hwloc_archive} DESTINATION ${to})
	endif()
	# Names of lines in them are for who builds them; without them they are a fifth as large.
	install(CODE "file(GLOB archives \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${to}/*.a\")
execute_process(COMMAND ${CMAKE_STRIP} --strip-debug --enable-deterministic-archives \
--remove-section=.comment --remove-section=.note \${archives})")
endfunction()
