/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdicts that stand beside the figures of `kickbench run`. */
#ifndef CLI_VERDICTS_H
#define CLI_VERDICTS_H

#include "results/folder.h"

/*
 * Explores every backend in the presets one-kick and two-kicks under each memory model, prints the
 * matrix and writes explore.csv.  The exit code judges the declarations.
 */
int verdicts_explore(const struct folder *folder);

/* Weakens each order of patched in the same cells; writes weaken.csv, prints how many carry weight. */
int verdicts_weaken(const struct folder *folder);

struct topo;
/* Stresses the backends that are not broken on purpose for a second each; writes stress.csv. */
int verdicts_stress(const struct folder *folder, const struct topo *topo, uint64_t seed);
/* Kicks a guest of the running kernel for some seconds; writes kvm.csv.  No KVM: says so. */
int verdicts_kvm(const struct folder *folder, const struct topo *topo, uint64_t seed);

#endif
