// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* The C interface to Google Benchmark: the only C++, so that everything else may be C. */
#include "bench/gbench.h"

#include <benchmark/benchmark.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <limits>
#include <memory>
#include <new>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/* benchmark::internal::Benchmark, which later versions move. */
using library_case = std::remove_pointer_t<decltype(benchmark::RegisterBenchmark(
	"", std::declval<void (*)(benchmark::State &)>()))>;

/* Remembers what the library would abort() over if it were contradicted. */
struct gbench_case {
	library_case *impl = nullptr;
	size_t n_args = 0; /* 0: none yet */
	bool guesses = false;
	bool fixed_iterations = false;
	bool real_time = false;
	bool manual_time = false;
};

struct gbench_state {
	benchmark::State &impl;
	size_t n_args;
	bool finished; /* gbench_next() has said false */
	bool failed;
};

namespace
{

std::vector<std::unique_ptr<gbench_case>> cases;
std::set<std::string> context_keys;
bool initialized, ended;
thread_local char last_error[256];

int fail(int error, const char *message) noexcept
{
	snprintf(last_error, sizeof(last_error), "%s", message);
	return error;
}

/* Runs f(), which returns nothing or an errno; what it throws ends here as an errno, too. */
template <class F> int guarded(F &&f) noexcept
{
	try {
		if constexpr (!std::is_void_v<decltype(f())>)
			return f();
		f();
		return 0;
	} catch (const std::bad_alloc &) {
		return fail(-ENOMEM, "Cannot allocate memory");
	} catch (const std::exception &e) {
		return fail(-EIO, e.what());
	} catch (...) {
		return fail(-EIO, "unknown C++ exception");
	}
}

template <class F> int guarded_global(F &&f) noexcept
{
	if (ended)
		return fail(-ESHUTDOWN, "after gbench_shutdown()");
	return guarded(f);
}

/* f(case), if there is a case and the library would accept it. */
template <class F> int configure(gbench_case *c, bool acceptable, const char *rule, F &&f) noexcept
{
	if (!c)
		return fail(-EINVAL, "no case");
	if (!acceptable)
		return fail(-EINVAL, rule);
	return guarded_global([&] { f(*c->impl); });
}

/* The same for what adds argument tuples of length n. */
template <class F>
int configure_args(gbench_case *c, size_t n, bool acceptable, const char *rule, F &&f) noexcept
{
	if (c && c->n_args && c->n_args != n)
		return fail(-EINVAL, "argument tuples of one case differ in length");
	if (!n)
		return fail(-EINVAL, "an empty argument tuple");

	int error = configure(c, acceptable, rule, f);

	if (!error)
		c->n_args = n;
	return error;
}

void run_body(benchmark::State &impl, const gbench_case *c,
	      void (*body)(gbench_state *, void *), void *arg)
{
	gbench_state state{ impl, c->n_args, false, false };

	body(&state, arg);
	if (!state.finished && !state.failed)
		gbench_skip_with_error(&state, "the body returned before gbench_next() was false");
}

constexpr benchmark::TimeUnit library_units[] = { benchmark::kNanosecond, benchmark::kMicrosecond,
						  benchmark::kMillisecond, benchmark::kSecond };

gbench_time_unit time_unit(benchmark::TimeUnit unit)
{
	for (auto candidate : { GBENCH_NS, GBENCH_US, GBENCH_MS })
		if (library_units[candidate] == unit)
			return candidate;
	return GBENCH_S;
}

/* error_occurred up to 1.7, skipped from 1.8 on. */
template <class Run> auto error_message(const Run &run, int) -> decltype(run.error_message.c_str())
{
	return run.error_occurred ? run.error_message.c_str() : nullptr;
}

template <class Run> const char *error_message(const Run &run, long)
{
	return run.skipped ? run.skip_message.c_str() : nullptr;
}

/* What the library calls; hands on to the C callbacks and, given a file, to its JSON writer. */
class forwarding_reporter : public benchmark::BenchmarkReporter {
public:
	forwarding_reporter(const gbench_reporter *c, std::ostream *json_out)
		: callbacks(c ? *c : gbench_reporter{}), json_stream(json_out)
	{
		SetErrorStream(&errors);
		if (json_stream)
			json.SetOutputStream(json_stream);
		json.SetErrorStream(&errors);
	}

	bool ReportContext(const Context &context) override;
	void ReportRuns(const std::vector<Run> &runs) override;
	void Finalize() override;

	std::ostringstream errors;

private:
	void report(const Run &run);

	gbench_reporter callbacks;
	std::ostream *json_stream;
	benchmark::JSONReporter json;
};

bool forwarding_reporter::ReportContext(const Context &context)
{
	gbench_context c = {};

	c.n_cpus = context.cpu_info.num_cpus;
	c.cycles_per_second = context.cpu_info.cycles_per_second;
	c.cpu_scaling = context.cpu_info.scaling == benchmark::CPUInfo::ENABLED;
	c.host_name = context.sys_info.name.c_str();
	c.name_width = context.name_field_width;
	if (callbacks.context)
		callbacks.context(callbacks.arg, &c);
	if (json_stream)
		json.ReportContext(context);
	return true;
}

void forwarding_reporter::report(const Run &run)
{
	const bool ratio = run.aggregate_unit == benchmark::kPercentage;
	const double scale = ratio ? 1 : benchmark::GetTimeUnitMultiplier(run.time_unit);
	const std::string name = run.benchmark_name();
	std::vector<gbench_counter> counters;
	gbench_run_result r = {};

	for (const auto &counter : run.counters)
		counters.push_back({ counter.first.c_str(), counter.second.value });
	r.name = name.c_str();
	if (run.run_type == Run::RT_Aggregate)
		r.aggregate = run.aggregate_name.c_str();
	r.label = run.report_label.c_str();
	r.error = error_message(run, 0);
	r.iterations = run.iterations;
	r.threads = run.threads;
	r.repetition = r.aggregate ? -1 : run.repetition_index;
	r.time_unit = time_unit(run.time_unit);
	r.real_time = ratio ? run.real_accumulated_time : run.GetAdjustedRealTime();
	r.cpu_time = ratio ? run.cpu_accumulated_time : run.GetAdjustedCPUTime();
	r.real_time_s = r.real_time / scale;
	r.cpu_time_s = r.cpu_time / scale;
	r.counters = counters.data();
	r.n_counters = counters.size();
	callbacks.run(callbacks.arg, &r);
}

void forwarding_reporter::ReportRuns(const std::vector<Run> &runs)
{
	if (json_stream) {
		json.ReportRuns(runs);
		json_stream->flush();
	}
	if (callbacks.run)
		for (const Run &run : runs)
			report(run);
}

void forwarding_reporter::Finalize()
{
	if (json_stream)
		json.Finalize();
	if (callbacks.finalize)
		callbacks.finalize(callbacks.arg);
}

/* The library reports a filter that selects nothing only in words. */
int no_match(const std::string &words)
{
	std::string line = words.substr(0, words.find('\n'));
	bool compiled = line.find("Could not compile") == std::string::npos;

	return fail(compiled ? -ENOENT : -EINVAL, line.empty() ? "no case" : line.c_str());
}

int run_with(forwarding_reporter &reporter, const std::string &filter)
{
	size_t n = benchmark::RunSpecifiedBenchmarks(&reporter, nullptr, filter);

	return n ? static_cast<int>(n) : no_match(reporter.errors.str());
}

int run_with_json(const gbench_reporter *callbacks, const char *path, const std::string &filter)
{
	errno = 0;

	std::ofstream file(path);

	if (!file)
		return fail(errno ? -errno : -EIO, "cannot open the JSON file for writing");

	forwarding_reporter reporter(callbacks, &file);
	int n = run_with(reporter, filter);

	errno = 0;
	file.close();
	if (n >= 0 && !file)
		return fail(errno ? -errno : -EIO, "cannot write the JSON file");
	return n;
}

} /* namespace */

const char *gbench_error(void)
{
	return last_error;
}

int gbench_init(int *argc, char **argv)
{
	return guarded_global([&] {
		int none = 0;

		benchmark::Initialize(argc ? argc : &none, argv);
		initialized = true;
	});
}

int gbench_clear(void)
{
	return guarded_global([] {
		benchmark::ClearRegisteredBenchmarks();
		cases.clear();
	});
}

int gbench_shutdown(void)
{
	return guarded_global([] {
		benchmark::ClearRegisteredBenchmarks();
		cases.clear();
		benchmark::Shutdown();
		ended = true; /* 1.7.1 keeps a dangling pointer to the context */
	});
}

int gbench_add_context(const char *key, const char *value)
{
	return guarded_global([&] {
		if (!context_keys.insert(key).second)
			return fail(-EEXIST, "this context key is there already");
		benchmark::AddCustomContext(key, value);
		return 0;
	});
}

struct gbench_case *gbench_register(const char *name, void (*body)(struct gbench_state *, void *),
				    void *arg)
{
	gbench_case *registered = nullptr;

	guarded_global([&] {
		auto c = std::make_unique<gbench_case>();
		gbench_case *p = c.get();

		cases.push_back(std::move(c));
		p->impl = benchmark::RegisterBenchmark(
			name, [p, body, arg](benchmark::State &s) { run_body(s, p, body, arg); });
		registered = p;
	});
	return registered;
}

int gbench_arg(struct gbench_case *c, int64_t value)
{
	return gbench_args(c, &value, 1);
}

int gbench_args(struct gbench_case *c, const int64_t *values, size_t n)
{
	return configure_args(c, n, true, "",
			      [&](library_case &b) { b.Args({ values, values + n }); });
}

int gbench_range(struct gbench_case *c, int64_t first, int64_t last)
{
	return configure_args(c, 1, first <= last, "a range that ends before it begins",
			      [&](library_case &b) { b.Range(first, last); });
}

int gbench_dense_range(struct gbench_case *c, int64_t first, int64_t last, int step)
{
	return configure_args(c, 1, first <= last && step > 0,
			      "a dense range needs first <= last and step > 0",
			      [&](library_case &b) { b.DenseRange(first, last, step); });
}

int gbench_ranges(struct gbench_case *c, const int64_t (*first_last)[2], size_t n)
{
	bool ordered = true;

	for (size_t i = 0; i < n; i++)
		ordered &= first_last[i][0] <= first_last[i][1];
	return configure_args(
		c, n, ordered, "a range that ends before it begins", [&](library_case &b) {
			std::vector<std::pair<int64_t, int64_t>> ranges;

			for (size_t i = 0; i < n; i++)
				ranges.emplace_back(first_last[i][0], first_last[i][1]);
			b.Ranges(ranges);
		});
}

int gbench_range_multiplier(struct gbench_case *c, int multiplier)
{
	return configure(c, multiplier > 1, "a range multiplier must be above 1",
			 [&](library_case &b) { b.RangeMultiplier(multiplier); });
}

int gbench_arg_names(struct gbench_case *c, const char *const *names, size_t n)
{
	bool fits = c && (!c->n_args || c->n_args == n);

	return configure(c, fits, "as many argument names as arguments",
			 [&](library_case &b) { b.ArgNames({ names, names + n }); });
}

int gbench_min_time(struct gbench_case *c, double seconds)
{
	return configure(c, c && std::isfinite(seconds) && seconds > 0 && !c->fixed_iterations,
			 "a minimum time must be above 0 and excludes gbench_iterations()",
			 [&](library_case &b) {
				 b.MinTime(seconds);
				 c->guesses = true;
			 });
}

int gbench_min_warmup_time(struct gbench_case *c, double seconds)
{
	return configure(c, c && std::isfinite(seconds) && seconds >= 0 && !c->fixed_iterations,
			 "a warm-up time must be 0 or more and excludes gbench_iterations()",
			 [&](library_case &b) {
				 b.MinWarmUpTime(seconds);
				 c->guesses = true;
			 });
}

int gbench_iterations(struct gbench_case *c, int64_t n)
{
	return configure(c, c && n > 0 && !c->guesses,
			 "iterations must be above 0 and exclude a minimum time",
			 [&](library_case &b) {
				 b.Iterations(n);
				 c->fixed_iterations = true;
			 });
}

int gbench_repetitions(struct gbench_case *c, int n)
{
	return configure(c, n > 0, "repetitions must be above 0",
			 [&](library_case &b) { b.Repetitions(n); });
}

int gbench_report_aggregates_only(struct gbench_case *c, bool on)
{
	return configure(c, true, "", [&](library_case &b) { b.ReportAggregatesOnly(on); });
}

int gbench_unit(struct gbench_case *c, int unit)
{
	return configure(c, unit >= GBENCH_NS && unit <= GBENCH_S, "no such unit of time",
			 [&](library_case &b) { b.Unit(library_units[unit]); });
}

int gbench_use_real_time(struct gbench_case *c)
{
	return configure(c, c && !c->manual_time, "manual time excludes real time",
			 [&](library_case &b) {
				 b.UseRealTime();
				 c->real_time = true;
			 });
}

int gbench_use_manual_time(struct gbench_case *c)
{
	return configure(c, c && !c->real_time, "real time excludes manual time",
			 [&](library_case &b) {
				 b.UseManualTime();
				 c->manual_time = true;
			 });
}

int gbench_measure_process_cpu_time(struct gbench_case *c)
{
	return configure(c, true, "", [](library_case &b) { b.MeasureProcessCPUTime(); });
}

int gbench_threads(struct gbench_case *c, int n)
{
	return configure(c, n > 0, "threads must be above 0",
			 [&](library_case &b) { b.Threads(n); });
}

int gbench_thread_range(struct gbench_case *c, int first, int last)
{
	return configure(c, first > 0 && first <= last, "a thread range needs 0 < first <= last",
			 [&](library_case &b) { b.ThreadRange(first, last); });
}

bool gbench_next(struct gbench_state *state, uint64_t *n)
{
	bool more = false;

	*n = static_cast<uint64_t>(state->impl.max_iterations);
	guarded([&] {
		more = !state->finished && state->impl.KeepRunningBatch(state->impl.max_iterations);
	});
	state->finished = !more;
	return more;
}

int gbench_set_iteration_time(struct gbench_state *state, double seconds)
{
	return guarded([&] { state->impl.SetIterationTime(seconds); });
}

int gbench_set_counter(struct gbench_state *state, const char *name, double value,
		       unsigned int flags)
{
	using benchmark::Counter;
	static constexpr std::pair<unsigned int, Counter::Flags> known[] = {
		{ GBENCH_COUNTER_RATE, Counter::kIsRate },
		{ GBENCH_COUNTER_AVG_THREADS, Counter::kAvgThreads },
		{ GBENCH_COUNTER_PER_ITERATION, Counter::kAvgIterations },
		{ GBENCH_COUNTER_TIMES_ITERATIONS, Counter::kIsIterationInvariant },
		{ GBENCH_COUNTER_INVERT, Counter::kInvert },
	};
	unsigned int library_flags = Counter::kDefaults;

	for (const auto &[ours, theirs] : known)
		if (flags & ours)
			library_flags |= static_cast<unsigned int>(theirs);
	return guarded([&] {
		state->impl.counters[name] =
			Counter(value, static_cast<Counter::Flags>(library_flags));
	});
}

int gbench_set_items_processed(struct gbench_state *state, int64_t n)
{
	return guarded([&] { state->impl.SetItemsProcessed(n); });
}

int gbench_set_bytes_processed(struct gbench_state *state, int64_t n)
{
	return guarded([&] { state->impl.SetBytesProcessed(n); });
}

int gbench_set_label(struct gbench_state *state, const char *label)
{
	return guarded([&] { state->impl.SetLabel(label); });
}

int gbench_skip_with_error(struct gbench_state *state, const char *message)
{
	state->failed = true;
	return guarded([&] { state->impl.SkipWithError(message); });
}

int gbench_range_value(const struct gbench_state *state, size_t i, int64_t *value)
{
	if (i >= state->n_args)
		return fail(-EINVAL, "this case has fewer arguments");
	*value = state->impl.range(i);
	return 0;
}

int gbench_n_threads(const struct gbench_state *state)
{
	return state->impl.threads();
}

int gbench_thread_index(const struct gbench_state *state)
{
	return state->impl.thread_index();
}

int gbench_run(const char *filter, const struct gbench_reporter *reporter, const char *json_path)
{
	return guarded_global([&] {
		std::string spec = filter ? filter : benchmark::GetBenchmarkFilter();

		if (!initialized)
			return fail(-EINVAL, "gbench_init() comes first");
		if (spec.empty())
			spec = ".";
		if (json_path)
			return run_with_json(reporter, json_path, spec);
		if (reporter) {
			forwarding_reporter forwarding(reporter, nullptr);

			return run_with(forwarding, spec);
		}
		size_t n = benchmark::RunSpecifiedBenchmarks(nullptr, nullptr, spec);

		return n ? static_cast<int>(n) : no_match("");
	});
}
