/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s390_exit_sie with PROG_BLOCK_SIE: the vCPU does not go in again before who spins has seen that it is out.
 * The kernel's loop that tries SIE again and again is a wait here.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "s390_exit_sie, and PROG_BLOCK_SIE keeps it out until that was seen",
	     .origin = "Linux 6.1, arch/s390/kvm, kvm_s390_vcpu_block()", .world = "s390",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_KICK_WAIT);

#define S390_BLOCKS 1
#define kick_decl parent_decl
#include "s390_exit_sie.h"
#undef kick_decl
