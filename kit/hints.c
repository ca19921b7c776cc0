// SPDX-License-Identifier: GPL-2.0-or-later
/* From what a compiler said to the word that was meant. */
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit.h"

/* A kernel's word, or C's, that has another name here. */
static const struct {
	const char *name, *use;
} others[] = {
	{ "(raw_|arch_|atomic_|atomic_long_|atomic_try_|try_)*cmpxchg(_local)?|__sync_.*_compare_and_swap|"
	  "(__|__c11_)?atomic_compare_exchange(_n|_strong|_weak|_explicit)*",
	  "cmpxchg(&word, old, new): it returns what was there, old if it was exchanged" },
	{ "(arch_|atomic_|atomic_long_)xchg|(__|__c11_)?atomic_exchange.*|__sync_lock_test_and_set|"
	  "xchg_local|swap",
	  "xchg(&word, new): it returns what was there" },
	{ "(atomic|atomic_long|refcount)_read|(__|__c11_)?atomic_load(_n|_explicit)?|"
	  "ACCESS_ONCE|READ_ONCE_NOCHECK|"
	  "rcu_dereference|lockless_dereference",
	  "READ_ONCE(word)" },
	{ "(atomic|atomic_long|refcount)_set|(__|__c11_)?atomic_store(_n|_explicit)?|rcu_assign_pointer",
	  "WRITE_ONCE(word, value)" },
	{ "(atomic|atomic_long)_read_acquire|load_acquire", "smp_load_acquire(&word)" },
	{ "(atomic|atomic_long)_set_release|store_release|__sync_lock_release|__atomic_clear",
	  "smp_store_release(&word, value)" },
	{ "(virt_|dma_|smp_)?mb|smp_mb__[a-z_]*|__sync_synchronize|(__|__c11_)?atomic_(thread|signal)_fence|"
	  "(_mm_|__builtin_ia32_)?mfence",
	  "smp_mb()" },
	{ "(virt_|dma_)?rmb|smp_read_barrier_depends|(_mm_|__builtin_ia32_)?lfence", "smp_rmb()" },
	{ "(virt_|dma_)?wmb|(_mm_|__builtin_ia32_)?sfence", "smp_wmb()" },
	{ "(__)?(atomic|sync)_(long_)?(fetch_)?(and_)?or(_explicit)?", "fetch_or(&word, bits)" },
	{ "(__)?(atomic|sync)_(long_)?(fetch_)?(and_)?and(not)?(_explicit)?", "fetch_and(&word, bits)" },
	{ "(__)?(atomic|sync)_(long_)?fetch_(and_)?(add|inc|sub|dec).*", "fetch_add(&word, n)" },
	{ "(__|arch_)?(set|clear|test)_bit.*|test_and_change_bit",
	  "set_bit(nr, &word), clear_bit(), test_bit()" },
	{ "(__builtin_)?(un)?likely|__builtin_expect", "nothing, write the condition alone" },
	{ "(raw_)?(spin|read|write)_(lock|unlock|trylock).*|(pthread_)?mutex_(lock|unlock|trylock)|"
	  "down|up",
	  "a struct kick_mutex, kick_ticket or kick_mcs: kick_mutex_lock(&lock), "
	  "kick_mutex_unlock(&lock)" },
	{ "(spinlock|raw_spinlock|rwlock|pthread_mutex)_t",
	  "struct kick_mutex, kick_ticket or kick_mcs" },
	{ "(arch_)?smp_send_reschedule|send_ipi.*|apic.*|x2apic.*|kvm_arch_vcpu_.*ipi",
	  "kick_ipi(cpu)" },
	{ "(smp_call_function|on_each_cpu).*",
	  "kick_call(mask, wait) or kick_call_one(cpu, wait)" },
	{ "cpu_relax|(_mm_|__builtin_ia32_)pause|sched_yield|cond_resched|udelay|usleep|pause",
	  "kick_pause(), once per turn of a bounded retry" },
	{ "schedule|wait_event.*|prepare_to_.*|set_current_state",
	  "kick_schedule(&vcpu->task), of the vCPU's own thread" },
	{ "s?wake_up.*|rcuwait_.*|swait_.*", "kick_wake() of the family header" },
	{ "kvm_get_vcpu|kvm_for_each_vcpu|xa_load",
	  "kick_get_vcpu(vm, i) for i below kick_nr_vcpus(vm)" },
	{ "raw_smp_processor_id|task_cpu|get_cpu_ids", "smp_processor_id()" },
	{ "(this_cpu|raw_cpu|per_cpu)_.*|per_cpu", "the fields of this_cpu()" },
	{ "z?alloc_cpumask.*|cpumask_.*|__cpumask_.*",
	  "kick_cpumask_get() and kick_cpumask_set(cpu, mask)" },
	{ "kick_(signal(_wait|_mask|_eat)?|run_begin|run_end|wait_signal)",
	  "the same, of a VMM's thread, with #include \"kick_vmm.h\" at the top" },
	{ "tgkill|pthread_kill|kill|raise", "kick_signal(vcpu), with #include \"kick_vmm.h\"" },
	{ "futex.*|syscall|pthread_cond.*|sem_(wait|post)|eventfd.*",
	  "kick_wait(&word, value) and kick_post(&word)" },
	{ "printk|pr_[a-z]+|v?f?printf|puts|BUG|BUG_ON|VM_BUG_ON|WARN|WARN_ON(_ONCE)?|assert|trace_"
	  ".*|lockdep.*|"
	  "might_sleep|[km]alloc|calloc|k?free|container_of",
	  "nothing, a protocol only kicks" },
	{ "_?_?[us](8|16|32|64)|u?int[0-9]+_t|uint|ulong|pid_t|cpu_t",
	  "int or unsigned long where one thread alone touches it, kick_int or kick_ulong where "
	  "two may" },
	{ "(atomic|atomic64|atomic_long|refcount|kref)_t|atomic_(u?int|u?long|bool)",
	  "kick_int or kick_ulong" },
	{ "cpumask(_var)?_t", "struct kick_cpumask *" },
	{ "boolean|BOOL|Bool", "bool" },
	{ "local_irq_(save|restore)", "local_irq_disable() and local_irq_enable()" },
};

#define MISSING(name) \
	"(undeclared|implicit declaration).*" name "|" name ".*(undeclared|never defined)"

/* Of gcc and clang; of two meanings the first. */
static const struct {
	const char *message, *hint;
} hints[] = {
	{ "member .raw. in something not a struct|member reference base type "
	  ".*(int|long|bool|short|char|"
	  "void \\*).* is not a structure",
	  "READ_ONCE(), WRITE_ONCE(), xchg() and the like take words that threads share: declare "
	  "it as kick_int, kick_ulong or kick_ptr instead of int, unsigned long or a "
	  "pointer; what one thread alone touches is read and written plainly" },
	{ "type argument of .->. .have .(int|unsigned int|long)",
	  "the order of what it takes: kick_words.h has set_bit(nr, &word), atomic_add(n, &word), "
	  "xchg(&word, new)" },
	{ "type argument of .->.|member reference type .kick_(int|ulong|ptr).* is not a pointer",
	  "xchg(), cmpxchg(), set_bit(), smp_load_acquire() and smp_store_release() take the "
	  "address: &vcpu->mode; READ_ONCE() and WRITE_ONCE() take the word itself" },
	{ "is a pointer; did you mean",
	  "READ_ONCE() and WRITE_ONCE() take the word itself (vcpu->mode), no address; and a shared "
	  "word is one kick_int, no pointer to it and no array" },
	{ "(initializer|initializing|incompatible type).*kick_(int|ulong|ptr)|invalid initializer|"
	  "incompatible type for argument|parameter of incompatible type|incompatible result type|"
	  "aggregate value used|switch quantity not an integer|"
	  "statement requires expression of integer type|unary exclamation mark|to unary expression",
	  "a kick_int is read by READ_ONCE(x) (or smp_load_acquire(&x)) into a plain int, and "
	  "written by WRITE_ONCE(x, v) (or smp_store_release(&x, v))" },
	{ "kick_(int|ulong|ptr).*(operand|assign|incompatible with "
	  "argument)|(operand|assign|scalar|"
	  "argument).*kick_(int|ulong|ptr)|used (struct|union) type value where scalar",
	  "a word that threads share is never touched plainly: READ_ONCE(x) reads it, "
	  "WRITE_ONCE(x, v) writes it" },
	{ "wrong type argument to (unary minus|increment|decrement|bit)|cannot (increment|decrement) "
	  "value of type .kick_",
	  "a word that threads share is changed by xchg(), cmpxchg(), fetch_add(), fetch_or(), "
	  "set_bit(), atomic_inc(): kick_words.h has them all" },
	{ "(assignment to|undeclared|identifier).*kick_decl\\b|.kick_decl. undeclared",
	  "the file lacks its declaration: KICK_DECLARE(.summary = \"...\", .origin = \"...\", "
	  ".features = ...);" },
	{ "\\(\\) has another type|conflicting types",
	  "the head of kick.h has the type of each function" },
	{ "invalid storage class for function|function definition is not allowed|expected "
	  "declaration or "
	  "statement at end|expected .}.",
	  "a } is missing: where the function ends that is open" },
	{ "redefinition", "the family header has it already: rename it there (#define name "
			  "parent_name) or leave it out" },
	{ MISSING("kick_(mask|walk_begin|walk_end|block|wake|guest_recheck|stop_all|resume_all|"
		  "park|exit_work|"
		  "new_call)\\b"),
	  "define it, include the family header that has it (#include \"family/kvm.h\"), or say "
	  "that the "
	  "protocol lacks it: #define KICK_LACKS_MASK (_WALK, _BLOCK, _RECHECK; of a VMM's thread "
	  "_PAUSE, "
	  "_EXIT_WORK, _NEW_CALL) at the top, and no such feature" },
	{ MISSING("kick_(vcpu_init|vcpu_load|vcpu_put|take|guest_enter|guest_exit|request|send|"
		  "view|handler)\\b"),
	  "every protocol defines kick_vcpu_init, _load, _put, kick_take, kick_guest_enter, "
	  "kick_guest_exit, kick_request, kick_send and kick_view, static inline, or includes a "
	  "family "
	  "header that does: the head of kick.h has them all; a VMM's thread may say that it has no "
	  "such: KICK_LACKS_LOAD, _REQUESTS, _SEND" },
	{ MISSING("KICK_[A-Z]_"), "kick.h has the windows (KICK_W_), kick_declare.h what is "
				  "declared (KICK_F_, KICK_M_, KICK_V_)" },
	{ "implicit declaration.*.(kvm_[a-z_]+).|undeclared function .kvm_|kvm_[a-z_]+. undeclared",
	  "what begins with kvm_ is of the family header: #include \"family/kvm.h\"" },
	{ "implicit declaration|undeclared function",
	  "no such function: a backend has the words of kick_words.h, the world of kick.h, and "
	  "what its family header has (#include \"family/kvm.h\")" },
	{ "poisoned",
	  "explore sees no assembler and no compiler's atomics: the words of kick_words.h are what "
	  "all judges see" },
	{ "incompatible pointer type", "the functions of kick.h and of family headers take a "
				       "struct kick_vcpu * or a struct kick_vm *" },
	{ "struct kvm(_vcpu)?\\b", "a vCPU is a struct kick_vcpu, its VM a struct kick_vm" },
	{ "unknown type name .kick_(vcpu|vm|pcpu|kicker|task|view|cpumask|mutex|fas|ticket|mcs|outcome)",
	  "the word struct (of kick_outcome, enum) belongs before that name" },
	{ "unknown type name",
	  "the types of a shared word are kick_int, kick_ulong and kick_ptr, what one thread alone "
	  "touches is an int, bool or unsigned long; locks are struct kick_mutex, kick_ticket, "
	  "kick_mcs" },
	{ "incomplete type|undefined type|storage size of .* isn.t known|incomplete definition",
	  "struct kick_vcpu, kick_vm, kick_pcpu and kick_kicker must all be defined, by the file "
	  "or its "
	  "family header, empty where nothing is in them" },
	{ "No such file|file not found",
	  "a backend includes headers of family/ (\"family/kvm.h\"), its parent (\"patched.h\") "
	  "and files beside itself, nothing else" },
	{ "no word of a VMM's thread", "a VMM's thread has signals: kick_vmm.h has its words" },
	{ "unterminated #if|#endif without|unterminated conditional",
	  "#if and #endif do not pair; a backend needs no include guard" },
	{ "#include directive within macro arguments|argument list invoking macro",
	  "a ) is missing, of a word as READ_ONCE(" },
	{ "unterminated comment|stray|unterminated|missing terminating",
	  "what was opened here is not closed, "
	  "or is no C" },
	{ "requires [0-9]+ arguments|too (few|many) arguments|passed [0-9]+ arguments",
	  "kick_words.h and kick.h say what each word takes, a family header what its functions "
	  "take" },
	{ "expected .*(;|,|\\)|}|=)|expected expression|expected identifier",
	  "a typing error: look at this line and the end of the one before" },
};

static bool matches(const char *regex, const char *text)
{
	regex_t compiled;
	bool found;

	if (regcomp(&compiled, regex, REG_EXTENDED | REG_NOSUB))
		return false;
	found = !regexec(&compiled, text, 0, NULL, 0);
	regfree(&compiled);
	return found;
}

bool kit_quoted(const char *message, char name[KIT_NAME])
{
	const char *from = strpbrk(message, "'\""), *to = from ? strchr(from + 1, *from) : NULL;

	if (!to || to - from > KIT_NAME)
		return false;
	snprintf(name, KIT_NAME, "%.*s", (int)(to - from - 1), from + 1);
	return true;
}

/* How many letters must change, be put in or be left out; capitals do not matter. */
static int distance(const char *a, const char *b)
{
	int row[KIT_NAME + 1], n = (int)strlen(b);

	for (int i = 0; i <= n; i++)
		row[i] = i;
	for (int k = 0; a[k]; k++) {
		int before = row[0]++;

		for (int i = 0; i < n; i++) {
			int changed = before + (tolower((unsigned char)a[k]) !=
						tolower((unsigned char)b[i]));

			before = row[i + 1];
			row[i + 1] = changed < row[i] + 1 ? changed : row[i] + 1;
			if (before + 1 < row[i + 1])
				row[i + 1] = before + 1;
		}
	}
	return row[n];
}

/* Of the words in one header, the nearest; at most `most` away, which shrinks. */
static void find_nearest(const char *path, const char *name, int *most, char found[KIT_NAME])
{
	char word[KIT_NAME] = "";
	size_t n = 0;
	FILE *f = fopen(path, "r");
	int c;

	while (f && (c = fgetc(f)) != EOF) {
		if (isalnum(c) || c == '_') {
			word[n] = (char)c;
			n += n + 1 < KIT_NAME;
			continue;
		}
		word[n] = 0;
		if (n && (c == '(' || !strncasecmp(word, "KICK_", 5)) &&
		    distance(name, word) < *most &&
		    (strncmp(name, "KICK_", 5) || !strncmp(name, word, 7))) {
			*most = distance(name, word);
			strcpy(found, word);
		}
		n = 0;
	}
	if (f)
		fclose(f);
}

/* A word of the contract that is nearly this one. */
static bool nearest(const struct kit_make *make, const char *name, char found[KIT_NAME])
{
	static const char *const headers[] = { "kick_words.h", "kick.h", "kick_vmm.h",
					       "kick_declare.h" };
	int most = strlen(name) > 5 ? 3 : 2;
	char path[PATH_MAX + 32];

	*found = 0;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		snprintf(path, sizeof(path), "%s/include/%s", make->kit, headers[i]);
		find_nearest(path, name, &most, found);
	}
	return *found && strcmp(found, name) != 0;
}

/* "cmpxchg(p, o, n)": how kick_words.h defines it. */
static bool find_macro(const struct kit_make *make, const char *name, char found[KIT_NAME])
{
	char path[PATH_MAX + 32], line[512], word[KIT_NAME];
	bool there = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/include/kick_words.h", make->kit);
	f = fopen(path, "r");
	while (f && !there && fgets(line, sizeof(line), f))
		there = sscanf(line, "#define %63[a-z_A-Z](", word) == 1 && !strcmp(word, name) &&
			sscanf(line, "#define %63[^)]", found) == 1 && strlen(found) + 2 < KIT_NAME;
	if (f)
		fclose(f);
	if (there)
		strcat(found, ")");
	return there;
}

bool kit_hint(const struct kit_make *make, const char *said, char *hint, size_t size)
{
	char name[KIT_NAME], found[KIT_NAME], whole[512], message[512];
	bool named;

	/* What a compiler guesses is of other headers, too. */
	snprintf(message, sizeof(message), "%s", said);
	if (matches("undeclared|implicit declaration", message) && strstr(message, "; did you mean"))
		*strstr(message, "; did you mean") = 0;
	named = kit_quoted(message, name);
	if (named && matches("implicit declaration|undeclared|unknown type name|poisoned", message)) {
		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
			snprintf(whole, sizeof(whole), "^(%s)$", others[i].name);
			if (matches(whole, name))
				return snprintf(hint, size, "in place of %s: %s", name,
						others[i].use);
		}
		if (nearest(make, name, found))
			return snprintf(hint, size, "no such word; did you mean %s?", found);
	}
	if (named && matches("macro .*(requires|passed)", message) && find_macro(make, name, found))
		return snprintf(hint, size, "%s: p is an address (&vcpu->mode), x the word itself", found);
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (matches(hints[i].message, message))
			return snprintf(hint, size, "%s", hints[i].hint);
	return false;
}
