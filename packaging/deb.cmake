# SPDX-License-Identifier: GPL-2.0-or-later
# Run by cpack once all is in its place, and before it is packed: what Debian wants of files that everybody else
# wants as they are.
set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share)
file(GLOB pages ${share}/man/man1/*.1)
execute_process(COMMAND gzip -9nf ${pages} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CPACK_KICK_SOURCE}/packaging/debian-changelog ${CPACK_KICK_SOURCE}/CHANGELOG.md
	${CPACK_PACKAGE_CONTACT} OUTPUT_FILE ${share}/doc/kickbench/changelog COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND gzip -9nf ${share}/doc/kickbench/changelog COMMAND_ERROR_IS_FATAL ANY)
file(MAKE_DIRECTORY ${share}/lintian/overrides)
file(COPY_FILE ${CPACK_KICK_SOURCE}/packaging/lintian-overrides ${share}/lintian/overrides/kickbench)
