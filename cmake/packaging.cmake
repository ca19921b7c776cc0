# SPDX-License-Identifier: GPL-2.0-or-later
# What an installation has beside programs, and the Debian package: `cpack` in the build directory.  The same bytes from the same revision and
# SOURCE_DATE_EPOCH, wherever the tree and the build directory are.
set(completions ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES cli/completion.bash RENAME kickbench DESTINATION ${completions})
install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md PATTERN verdicts EXCLUDE)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples/ci DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples USE_SOURCE_PERMISSIONS)

file(RELATIVE_PATH kickbench_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(packaging/kickbench.pc.in kickbench.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/kickbench.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "kickbench maintainers <maintainers@kickbench.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measures and checks how vCPUs are kicked")
set(CPACK_PACKAGE_DESCRIPTION "kickbench measures what a vCPU kick costs, and checks whether it can
get lost, from one and the same source text of each kick protocol; of
one's own, too, in a file.  The C interface to Google Benchmark that it
is built on comes along, for other programs.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Our own: what cpack generates names the library's whole version.
file(WRITE ${CMAKE_BINARY_DIR}/deb/shlibs
	"libgbench-c ${PROJECT_VERSION_MAJOR} kickbench (>= ${PROJECT_VERSION})\n")
file(WRITE ${CMAKE_BINARY_DIR}/deb/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/deb/shlibs ${CMAKE_BINARY_DIR}/deb/triggers)
# Libraries that are loaded shlibdeps does not see.  judge compiles: its templates include ck's headers.  A compiler
# is suggested only: Debian's recommends libc6-dev, and that in turn tools that bring X11 along.
string(JOIN ", " CPACK_DEBIAN_PACKAGE_DEPENDS libck-dev ${kick_loads})
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
	"gcc | clang | c-compiler, libc6-dev | libc-dev, bash-completion, libbenchmark-tools, pkg-config")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/deb.cmake)
set(CPACK_KICK_SOURCE ${CMAKE_SOURCE_DIR})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
