/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of kickbench kvm. */
#ifndef CLI_KVM_OPTIONS_H
#define CLI_KVM_OPTIONS_H

#include "kvm/kvm.h"
#include "kvm/lab.h"

enum { KVM_MAX_LABS = 32 };

struct kvm_command {
	struct kvm_options kvm;
	struct kvm_lab_options lab[KVM_MAX_LABS];
	size_t n_labs; /* not 0: the lab's experiments instead of the measurement */
	const char *out;
	bool json, help;
};

extern const char kvm_command_help[];

/* EXIT_AS_STATED, or EXIT_USAGE after one line on stderr. */
int kvm_command_parse(struct kvm_command *command, int argc, char **argv);

#endif
