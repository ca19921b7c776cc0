/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bringing a vCPU into the state that a path is named after, by the backend's own functions.
 * The template has defined bench_move(cpu): the calling thread goes on on that pCPU.
 */

/* `cpu` is where the vCPU gets loaded: the kicker's own for BENCH_SELF.  The caller is on pCPU 0. */
static bool path_prepare(struct kick_vcpu *vcpu, enum bench_path path, int cpu)
{
	bool ready = true;

	kick_vcpu_init(vcpu);
	if (path == BENCH_UNLOADED)
		return true;
	bench_move(cpu);
	kick_vcpu_load(vcpu, cpu);
	if (path == BENCH_OUTSIDE)
		kick_vcpu_put(vcpu);
	if (path == BENCH_EXITING || path == BENCH_IN_GUEST)
		ready = kick_guest_enter(vcpu);
	bench_move(0);
	if (path == BENCH_EXITING && ready) {
		struct kick_view view;

		kick_send(vcpu, 0);
		kick_view(vcpu, &view);
		ready = view.claimed;
	}
	return ready;
}
