// SPDX-License-Identifier: GPL-2.0-or-later
/* What gcc and clang say of common mistakes, and the word that each is told to use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kit/kit.h"

static const struct {
	const char *message, *hint;
} samples[] = {
	{ "implicit declaration of function 'READONCE'; did you mean 'READ_ONCE'?",
	  "did you mean READ_ONCE?" },
	{ "implicit declaration of function 'read_once' is invalid in C99",
	  "did you mean READ_ONCE?" },
	{ "call to undeclared function 'smp_store_relase'; ISO C99",
	  "did you mean smp_store_release?" },
	{ "implicit declaration of function 'WRTE_ONCE'", "did you mean WRITE_ONCE?" },
	{ "implicit declaration of function 'atomic_cmpxchg'",
	  "in place of atomic_cmpxchg: cmpxchg(" },
	{ "implicit declaration of function 'atomic_try_cmpxchg'", "cmpxchg(&word, old, new)" },
	{ "implicit declaration of function 'atomic_read'", "READ_ONCE(word)" },
	{ "implicit declaration of function 'ACCESS_ONCE'", "READ_ONCE(word)" },
	{ "implicit declaration of function 'atomic_set'", "WRITE_ONCE(word, value)" },
	{ "implicit declaration of function 'mb'", "smp_mb()" },
	{ "implicit declaration of function 'wmb'", "smp_wmb()" },
	{ "implicit declaration of function 'likely'", "the condition alone" },
	{ "implicit declaration of function 'spin_lock_irqsave'", "kick_mutex" },
	{ "implicit declaration of function 'smp_send_reschedule'", "kick_ipi(cpu)" },
	{ "implicit declaration of function 'kvm_can_ipi'", "family/kvm.h" },
	{ "unknown type name 'u32'", "kick_int" },
	{ "use of undeclared identifier 's64'", "kick_ulong" },
	{ "unknown type name 'atomic_t'", "kick_int" },
	{ "unknown type name 'spinlock_t'", "kick_mutex" },
	{ "unknown type name 'kick_itn'", "kick_int" },
	{ "request for member 'raw' in something not a structure or union", "kick_int" },
	{ "member reference base type 'int' is not a structure or union", "kick_int" },
	{ "member reference base type '_Atomic(int)' is not a structure or union", "kick_int" },
	{ "incompatible types when assigning to type 'int' from type 'kick_int'", "READ_ONCE(x)" },
	{ "assigning to 'int' from incompatible type 'kick_int'", "READ_ONCE(x)" },
	{ "invalid operands to binary == (have 'kick_int' and 'int')", "READ_ONCE(x)" },
	{ "used struct type value where scalar is required", "READ_ONCE(x)" },
	{ "wrong type argument to increment", "atomic_inc()" },
	{ "invalid type argument of '->' (have 'kick_int')", "&vcpu->mode" },
	{ "member reference type 'kick_int' is not a pointer; did you mean to use '.'?",
	  "&vcpu->mode" },
	{ "'&vcpu->cpu' is a pointer; did you mean to use '->'?", "no address" },
	{ "'kick_mask' undeclared here (not in a function)", "KICK_LACKS_MASK" },
	{ "use of undeclared identifier 'kick_guest_recheck'", "_RECHECK" },
	{ "'kick_send' undeclared here (not in a function)", "every protocol defines" },
	{ "'kick_decl' undeclared (first use in this function)", "KICK_DECLARE(" },
	{ "'KICK_F_SELFF' undeclared here (not in a function)", "KICK_F_SELF?" },
	{ "'KICK_W_CPU' undeclared (first use in this function)", "windows" },
	{ "static assertion failed: \"kick_send() has another type than in kick.h: bool\"",
	  "head of kick.h" },
	{ "invalid storage class for function 'kick_mask'", "a } is missing" },
	{ "function definition is not allowed here", "a } is missing" },
	{ "redefinition of 'kick_vcpu_init'", "family header" },
	{ "expected ';' before 'if'", "typing error" },
	{ "expected ';' after expression", "typing error" },
	{ "unterminated #ifndef", "#endif" },
	{ "linux/kvm_host.h: No such file or directory", "family/" },
	{ "'family/kwm.h' file not found", "family/" },
	{ "invalid use of undefined type 'struct kvm_vcpu'", "struct kick_vcpu" },
	{ "storage size of 'kicker' isn't known", "kick_kicker" },
	{ "attempt to use poisoned \"__asm__\"", "assembler" },
	{ "attempt to use poisoned \"__sync_synchronize\"", "smp_mb()" },
	{ "attempt to use poisoned \"__atomic_thread_fence\"", "smp_mb()" },
	{ "attempt to use poisoned \"__atomic_load_n\"", "READ_ONCE(word)" },
	{ "attempt to use poisoned \"__atomic_compare_exchange_n\"", "cmpxchg(&word, old, new)" },
	{ "attempt to use poisoned \"__sync_fetch_and_or\"", "fetch_or(&word, bits)" },
	{ "macro \"cmpxchg\" requires 3 arguments, but only 2 given", "cmpxchg(p, o, n)" },
	{ "macro \"READ_ONCE\" passed 2 arguments, but takes just 1", "READ_ONCE(x)" },
	{ "invalid type argument of '->' (have 'int')", "set_bit(nr, &word)" },
	{ "incompatible type for argument 1 of 'kvm_can_ipi'", "READ_ONCE(x)" },
	{ "aggregate value used where an integer was expected", "READ_ONCE(x)" },
	{ "wrong type argument to unary exclamation mark", "READ_ONCE(x)" },
	{ "switch quantity not an integer", "READ_ONCE(x)" },
	{ "unknown type name 'kick_vcpu'", "the word struct" },
	{ "unknown type name 'boolean'", "bool" },
	{ "'kick_send' undeclared (first use in this function); did you mean 'kick_decl'?",
	  "every protocol defines" },
};

static void every_mistake_has_its_word(void **state)
{
	static struct kit_make make;
	char hint[512];

	(void)state;
	snprintf(make.kit, sizeof(make.kit), "%s", getenv("SRC"));
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		*hint = 0;
		kit_hint(&make, samples[i].message, hint, sizeof(hint));
		if (!strstr(hint, samples[i].hint))
			fail_msg("%s: '%s', and not '%s'", samples[i].message, hint,
				 samples[i].hint);
	}
}

static void what_is_no_mistake_of_these_has_none(void **state)
{
	static struct kit_make make;
	char hint[512];

	(void)state;
	snprintf(make.kit, sizeof(make.kit), "%s", getenv("SRC"));
	assert_false(kit_hint(&make, "'cpu' undeclared (first use in this function)", hint,
			      sizeof(hint)));
	assert_false(kit_hint(&make, "'struct kick_vcpu' has no member named 'cpus'", hint,
			      sizeof(hint)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_has_its_word),
		cmocka_unit_test(what_is_no_mistake_of_these_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
