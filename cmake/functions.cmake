# SPDX-License-Identifier: GPL-2.0-or-later
# The functions behind CMakeLists.txt: from file names to lists, libraries, judges and tests.

function(glob_sources out)
	file(GLOB found CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${ARGN})
	set(${out} ${found} PARENT_SCOPE)
endfunction()

# gen/DEF gets a line X(name) for every file of the glob, sorted; OUT gets the names.  A further
# argument keeps only the names that match it.
function(names_def def glob regex out)
	glob_sources(files ${CMAKE_SOURCE_DIR}/${glob})
	list(TRANSFORM files REPLACE ${regex} "\\1")
	if(ARGN)
		list(FILTER files INCLUDE REGEX ${ARGN})
	endif()
	if(def STREQUAL kick_backends.def AND KICK_EXTRA_BACKENDS)
		file(GLOB extra CONFIGURE_DEPENDS RELATIVE ${KICK_EXTRA_BACKENDS} ${KICK_EXTRA_BACKENDS}/*.h)
		foreach(file ${extra})
			# Also what is left of a name with a semicolon, which CMake takes for two.
			if(NOT file MATCHES "^[A-Za-z_][A-Za-z0-9_]*[.]h$")
				message(FATAL_ERROR "KICK_EXTRA_BACKENDS: the name '${file}' must be letters, digits "
					"and _ before its .h, and begin with no digit: it becomes part of names in C")
			endif()
		endforeach()
		list(TRANSFORM extra REPLACE "\\.h$" "")
		foreach(name ${extra})
			if(name IN_LIST files OR EXISTS ${CMAKE_SOURCE_DIR}/impl/${name}.h)
				message(FATAL_ERROR "KICK_EXTRA_BACKENDS: impl/ has a ${name}.h, too")
			endif()
		endforeach()
		list(APPEND files ${extra})
		list(SORT files)
	endif()
	foreach(name ${files})
		# Also what is left of a name with a semicolon, which CMake takes for two.
		if(NOT name MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
			message(FATAL_ERROR "${glob}: the name '${name}' must be letters, digits and _, "
				"and begin with no digit: it becomes part of names in C")
		endif()
		if(name MATCHES "^(NA|NULL|NaN|None|nan|null)$")
			message(FATAL_ERROR "${glob}: the name '${name}' is what pandas, R and others "
				"read as no value at all")
		endif()
	endforeach()
	if(def STREQUAL kick_backends.def AND "floor" IN_LIST files)
		message(FATAL_ERROR "${glob}: a backend named 'floor' would be taken for the rows of the floor")
	endif()
	# Names that a compiler or a header replaces, and the word for all of them.
	foreach(name all linux unix bool true false errno assert stdin stdout stderr NULL EOF)
		if(name IN_LIST files)
			message(FATAL_ERROR "${glob}: the name '${name}' means something else: take another one")
		endif()
	endforeach()
	list(TRANSFORM files REPLACE "(.+)" "X(\\1)\n" OUTPUT_VARIABLE lines)
	list(JOIN lines "" text)
	file(CONFIGURE OUTPUT ${gen}/${def} CONTENT "${text}" @ONLY)
	set(${out} ${files} PARENT_SCOPE)
endfunction()

# A judge's text for one backend.
function(judge_unit library judge unit)
	target_sources(${library} PRIVATE ${unit})
	set(options "")
	if(judge STREQUAL explore)
		set(options ${seen})
	endif()
	if(library STREQUAL kb_tests)
		list(APPEND options -g1)
	endif()
	set_source_files_properties(${unit} PROPERTIES COMPILE_OPTIONS "${options}")
endfunction()

# The folder that a backend's file lies in.
function(backend_home backend out)
	set(${out} impl PARENT_SCOPE)
	if(KICK_EXTRA_BACKENDS AND EXISTS ${KICK_EXTRA_BACKENDS}/${backend}.h)
		set(${out} ${KICK_EXTRA_BACKENDS} PARENT_SCOPE)
	endif()
endfunction()

# One translation unit per backend for the judge FOLDER/JUDGE_tmpl.c.
function(kick_judge library template)
	cmake_path(GET template STEM judge)
	string(REGEX REPLACE "_tmpl$" "" judge ${judge})
	string(TOUPPER ${judge} JUDGE)
	if(NOT library STREQUAL kb_tests)
		set_property(GLOBAL APPEND PROPERTY kick_units "${JUDGE} ${template}")
	endif()
	foreach(backend ${backends})
		backend_home(${backend} home)
		set(unit ${gen}/${library}/${judge}_${backend}.c)
		configure_file(${CMAKE_SOURCE_DIR}/cmake/judge.c.in ${unit} @ONLY)
		judge_unit(${library} ${judge} ${unit})
	endforeach()
endfunction()

# Backends that no list names, for the tests of explore.
function(explore_test_backends library template)
	glob_sources(units ${CMAKE_SOURCE_DIR}/tests/explore/explore_*.c)
	set(home tests/explore/refused)
	set(JUDGE EXPLORE)
	looked_at(${home} looked)
	if(KICK_BACKENDS OR NOT looked)
		set(home none) # test_explore_refused is left out
	endif()
	names_def(explore_refused.def ${home}/*.h "^${home}/(.*)\\.h$" refused)
	foreach(backend ${refused})
		set(unit ${gen}/${library}/explore_${backend}.c)
		configure_file(${CMAKE_SOURCE_DIR}/cmake/judge.c.in ${unit} @ONLY)
		target_sources(${library} PRIVATE ${unit})
		list(APPEND units ${unit})
	endforeach()
	set_source_files_properties(${units} PROPERTIES COMPILE_OPTIONS "${seen}")
endfunction()

# ThreadSanitizer looks at threads: of what makes none it compiles no test.
function(looked_at test out)
	set(${out} TRUE PARENT_SCOPE)
	if(KICK_SANITIZE STREQUAL thread AND (test MATCHES "/test_fuzz_" OR
	   NOT test MATCHES "tests/((bench|kvm|machine|perf|stress)/|topo/test_topo_pin)"))
		set(${out} FALSE PARENT_SCOPE)
	endif()
endfunction()

# kb_FOLDER: its sources, and its judges for every backend.
function(kick_folder folder)
	set(dir ${CMAKE_SOURCE_DIR}/${folder})
	# A folder and its shelves; what lies deeper (tests/impl/ioapic/) is built by those who use it.
	glob_sources(sources ${dir}/*.c ${dir}/*.cc ${dir}/*/*.c)
	foreach(source ${sources})
		looked_at(${source} looked)
		if(NOT looked AND folder STREQUAL tests)
			list(REMOVE_ITEM sources ${source})
		endif()
	endforeach()
	set(templates ${sources})
	list(FILTER templates INCLUDE REGEX "_tmpl\\.c$")
	list(FILTER sources EXCLUDE REGEX "_tmpl\\.c$|^cli/main\\.c$|^tests/[a-z]+/test_")
	if(NOT sources AND NOT (templates AND backends))
		return()
	endif()
	add_library(kb_${folder} STATIC ${sources})
	if(folder STREQUAL tests)
		# Nobody measures what only tests have: half as long to compile.
		target_compile_options(kb_tests PRIVATE -Og)
		explore_test_backends(kb_tests explore/world/explore_tmpl.c)
	endif()
	foreach(template ${templates})
		kick_judge(kb_${folder} ${template})
	endforeach()
	if(NOT folder STREQUAL tests)
		set_property(GLOBAL APPEND PROPERTY kick_libraries kb_${folder})
	endif()
endfunction()

# tests/protocols/*.h: protocols that are nobody's, sound and broken, for both judges.  What the sanitizers
# look at is the judges' text: where they have the main backends, some of each kind will do.
function(test_protocols)
	set(home tests/protocols)
	set(some "")
	if(KICK_SANITIZE AND KICK_BACKENDS)
		set(some "^(bare_mask|claim_taken_back|exit_keeps_irqs_off|mask_no_memory_no_wait"
			"|nowake|says_sent|take_high|wake_takes)$")
		string(JOIN "" some ${some})
	endif()
	names_def(test_protocols.def ${home}/*.h "^${home}/(.*)\\.h$" protocols ${some})
	set(templates stress/stress_tmpl.c)
	looked_at(tests/explore/ looked)
	if(looked)
		list(APPEND templates explore/world/explore_tmpl.c)
	endif()
	foreach(template ${templates})
		cmake_path(GET template STEM judge)
		string(REGEX REPLACE "_tmpl$" "" judge ${judge})
		string(TOUPPER ${judge} JUDGE)
		foreach(backend ${protocols})
			set(unit ${gen}/kb_tests/${judge}_${backend}.c)
			configure_file(${CMAKE_SOURCE_DIR}/cmake/judge.c.in ${unit} @ONLY)
			judge_unit(kb_tests ${judge} ${unit})
		endforeach()
	endforeach()
endfunction()

# The text of FILE as the string NAME[] of a library.
function(text_source library file name)
	file(READ ${CMAKE_SOURCE_DIR}/${file} text)
	string(REPLACE "\\" "\\\\" text "${text}")
	string(REPLACE "\"" "\\\"" text "${text}")
	string(REPLACE "\n" "\\n\"\n\"" text "${text}")
	file(CONFIGURE OUTPUT ${gen}/${name}.c CONTENT "const char ${name}[] = \"${text}\";\n" @ONLY)
	target_sources(${library} PRIVATE ${gen}/${name}.c)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${file})
endfunction()

# What --version and run.json say about this build.
function(build_info_library library)
	string(TOUPPER ${CMAKE_BUILD_TYPE} type)
	list(JOIN flags " " common)
	string(STRIP "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}} -std=gnu17 ${common}" c_flags)
	set(source ${gen}/build_info.c)
	add_custom_target(build_info BYPRODUCTS ${source} VERBATIM COMMAND ${CMAKE_COMMAND}
		-DSOURCE=${CMAKE_SOURCE_DIR} -DINPUT=${CMAKE_SOURCE_DIR}/cmake/build_info.c.in
		-DOUTPUT=${source} -DVERSION=${PROJECT_VERSION} -DC_FLAGS=${c_flags}
		"-DCOMPILER=${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}"
		-DBUILD_TYPE=${CMAKE_BUILD_TYPE} -DSANITIZE=${KICK_SANITIZE}
		-DBENCHMARK_VERSION=${benchmark_VERSION} -DHWLOC_VERSION=${hwloc_VERSION}
		-DCK_VERSION=${ck_VERSION} -DCJSON_VERSION=${libcjson_VERSION}
		-P ${CMAKE_SOURCE_DIR}/cmake/build_info.cmake)
	add_library(${library} STATIC ${source})
	add_dependencies(${library} build_info)
endfunction()

# gen/source_hash.h: by what the cache of explore's verdicts knows that nothing has changed.
function(source_hash target)
	set(output ${gen}/source_hash.h)
	glob_sources(sources ${CMAKE_SOURCE_DIR}/explore/*/*.c ${CMAKE_SOURCE_DIR}/explore/*/*.h
		${CMAKE_SOURCE_DIR}/include/*.h ${CMAKE_SOURCE_DIR}/impl/*.h ${CMAKE_SOURCE_DIR}/impl/family/*.h)
	list(TRANSFORM sources PREPEND ${CMAKE_SOURCE_DIR}/)
	set(script ${CMAKE_SOURCE_DIR}/cmake/source_hash.cmake)
	add_custom_command(OUTPUT ${output} DEPENDS ${sources} ${script} VERBATIM
		COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} "-DBACKENDS=${backends}"
			"-DEXTRA=${KICK_EXTRA_BACKENDS}"
		-DOUTPUT=${output} -P ${script})
	target_sources(${target} PRIVATE ${output})
endfunction()

function(man_pages glob)
	glob_sources(pages ${CMAKE_SOURCE_DIR}/${glob})
	find_program(SCDOC scdoc)
	if(NOT SCDOC OR NOT pages)
		return()
	endif()
	foreach(page ${pages})
		cmake_path(GET page STEM LAST_ONLY name)
		set(source ${CMAKE_SOURCE_DIR}/${page})
		set(output ${CMAKE_BINARY_DIR}/man/${name})
		set(format ${CMAKE_SOURCE_DIR}/cmake/man_page.sh)
		add_custom_command(OUTPUT ${output} DEPENDS ${source} ${format} VERBATIM
			COMMAND ${format} ${SCDOC} ${source} ${output})
		list(APPEND outputs ${output})
		install(FILES ${output} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
	endforeach()
	add_custom_target(man ALL DEPENDS ${outputs})
endfunction()

# The libraries that a test's program is linked with: those of the folders whose headers it
# includes and of its own, with what these may call (tests/tree/layers.txt), the highest first.  Other folders are not even compiled
# for it; cli calls every judge, but a test of its words is none of theirs (its stress borrows kvm's guests).
function(libraries_of test out)
	file(STRINGS ${CMAKE_SOURCE_DIR}/${test} wanted REGEX "^#include \"[a-z]+/")
	list(TRANSFORM wanted REPLACE "^#include \"([a-z]+)/.*" "\\1")
	string(REGEX REPLACE "^tests/([a-z]+)/.*" "\\1" own ${test})
	list(APPEND wanted ${own})
	file(STRINGS ${CMAKE_SOURCE_DIR}/tests/tree/layers.txt rows REGEX "^[a-z]+ ")
	list(REVERSE rows)
	set(libraries "")
	foreach(row ${rows})
		string(REGEX MATCH "^([a-z]+) +([^ ]+)" row ${row})
		set(folder ${CMAKE_MATCH_1})
		string(REPLACE "," ";" sees ${CMAKE_MATCH_2})
		if(folder STREQUAL cli)
			list(REMOVE_ITEM sees bench stress explore)
		endif()
		if(folder IN_LIST wanted AND TARGET kb_${folder} AND NOT folder STREQUAL tests)
			list(APPEND libraries kb_${folder})
			list(APPEND wanted ${sees})
		endif()
	endforeach()
	set(${out} ${libraries} PARENT_SCOPE)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${test})
endfunction()

# tests/FOLDER/test_*.c: one cmocka program each.  test_*.sh, .py: run as they are, told where things
# are; with a line "# On one day of four: N" by tests/tree/turn.sh.  Exit code 4 is a skip.  Labels: `full`
# if the name starts with test_full_, else `quick`; `unit` for the programs: the sanitizer presets run those
# of the quick tier, and build no more.
function(kick_tests)
	pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
	glob_sources(tests ${CMAKE_SOURCE_DIR}/tests/*/test_*.c ${CMAKE_SOURCE_DIR}/tests/*/test_*.sh
		${CMAKE_SOURCE_DIR}/tests/*/test_*.py)
	foreach(test ${tests})
		file(STRINGS ${CMAKE_SOURCE_DIR}/${test} needs_all REGEX "Needs every backend:")
		if(KICK_BACKENDS AND needs_all)
			message(STATUS "left out, since KICK_BACKENDS is set: ${test}")
			continue()
		endif()
		libraries_of(${test} libraries)
		looked_at(${test} looked)
		if(NOT looked OR (KICK_SANITIZE STREQUAL thread AND kb_cli IN_LIST libraries))
			continue()
		endif()
		cmake_path(GET test STEM name)
		cmake_path(GET test EXTENSION extension)
		set(labels quick)
		set(timeout 600)
		if(name MATCHES "^test_full_")
			set(labels full)
			set(timeout 1800)
		endif()
		if(extension STREQUAL .c)
			add_executable(${name} ${test})
			target_link_libraries(${name} PRIVATE $<TARGET_NAME_IF_EXISTS:kb_tests> ${libraries}
				PkgConfig::cmocka)
			add_test(NAME ${name} COMMAND ${name})
			list(APPEND labels unit)
			if(NOT labels MATCHES full)
				list(APPEND programs ${name})
			endif()
		else()
			file(STRINGS ${CMAKE_SOURCE_DIR}/${test} turn REGEX "^# On one day of four: [0-3]$")
			string(REGEX REPLACE ".*: (.)$" "${CMAKE_SOURCE_DIR}/tests/tree/turn.sh;\\1" turn "${turn}")
			add_test(NAME ${name} COMMAND ${turn} ${CMAKE_SOURCE_DIR}/${test})
		endif()
		set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 4 TIMEOUT ${timeout} LABELS "${labels}"
			ENVIRONMENT "KICKBENCH=$<TARGET_FILE:kickbench>;SRC=${CMAKE_SOURCE_DIR};BUILD=${CMAKE_BINARY_DIR}")
		# Real threads on real PUs want them alone, as does what takes time; the others may run side by side,
		# as may what reads machine code, plans and files, or waits for those who end.
		if(test MATCHES "^tests/(bench|machine|stress|kvm|perf)/|/test_full_(explore_jobs|kernel_lab|run_one_pu)"
		   AND NOT test MATCHES "/test_((full_)?disassembly|full_(compare|stress)|fuzz_|add_scenario|plan_scale|gbench|bench_(budget|input|kill|plan|resume|untrue)|stress_apart)")
			set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
		endif()
	endforeach()
	add_custom_target(unit_tests DEPENDS ${programs})
endfunction()

# Every test finds its home, its caches and its place for temporary files in FOLDER: it sees nothing of
# the user's, and two builds do not meet.  A copy of the tree in there is in no git checkout.
function(tests_live_in folder)
	file(MAKE_DIRECTORY ${folder}/tmp)
	get_directory_property(tests TESTS)
	# A python3 that only looks for the interpreter (pyenv's takes half a second for that) is left out.
	set(path)
	find_program(python python3 NO_CACHE)
	execute_process(COMMAND ${python} -c "import sys; print(sys.executable)" OUTPUT_VARIABLE interpreter
		OUTPUT_STRIP_TRAILING_WHITESPACE)
	cmake_path(GET interpreter PARENT_PATH bin)
	if(bin AND NOT interpreter STREQUAL python)
		set(path PATH=path_list_prepend:${bin})
	endif()
	foreach(test ${tests})
		set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT_MODIFICATION ${path})
		set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT "HOME=${folder}" "TMPDIR=${folder}/tmp"
			"XDG_CACHE_HOME=${folder}/.cache" "XDG_CONFIG_HOME=${folder}/.config"
			"GIT_CEILING_DIRECTORIES=${folder}/tmp")
	endforeach()
endfunction()
