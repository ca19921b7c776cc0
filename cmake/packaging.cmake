# SPDX-License-Identifier: GPL-2.0-or-later
# What an installation has beside programs, and the Debian package: `cpack` in the build directory.  The same bytes from the same revision and
# SOURCE_DATE_EPOCH, wherever the tree and the build directory are.
set(completions ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES cli/completion.bash RENAME kickbench DESTINATION ${completions})
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "kickbench maintainers <maintainers@kickbench.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measures and checks how vCPUs are kicked")
set(CPACK_PACKAGE_DESCRIPTION "kickbench measures what a vCPU kick costs, and checks whether it can get
lost, from one and the same source text of each kick protocol.  The C interface to Google Benchmark
that it is built on comes along, for other programs.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, libbenchmark-tools, pkg-config")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
