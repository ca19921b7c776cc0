# SPDX-License-Identifier: GPL-2.0-or-later
# The C interface to Google Benchmark as a library of its own, for programs outside this tree.
# Shared, so that a C program needs neither a C++ compiler nor Google Benchmark's headers to link.
if(KICK_SANITIZE)
	return() # nobody installs that
endif()
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(gbench_dir ${CMAKE_CURRENT_LIST_DIR}/gbench-c)
add_library(gbench-c SHARED bench/gbench.cc)
add_library(gbench::c ALIAS gbench-c)
target_link_libraries(gbench-c PRIVATE PkgConfig::benchmark)
target_link_options(gbench-c PRIVATE -Wl,--version-script=${gbench_dir}/exports.map -Wl,-z,defs)
target_include_directories(gbench-c INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(gbench-c PROPERTIES EXPORT_NAME c VERSION ${PROJECT_VERSION}
	SOVERSION ${PROJECT_VERSION_MAJOR} LINK_DEPENDS ${gbench_dir}/exports.map)

set(gbench_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/gbench-c)
file(RELATIVE_PATH gbench_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${gbench_dir}/gbench-c.pc.in gbench-c.pc @ONLY)
write_basic_package_version_file(gbench-cConfigVersion.cmake COMPATIBILITY SameMajorVersion)

install(TARGETS gbench-c EXPORT gbench-cConfig)
install(FILES bench/gbench.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/gbench-c.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(EXPORT gbench-cConfig NAMESPACE gbench:: DESTINATION ${gbench_cmake})
install(FILES ${CMAKE_BINARY_DIR}/gbench-cConfigVersion.cmake DESTINATION ${gbench_cmake})
install(DIRECTORY examples/gbench-c DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
