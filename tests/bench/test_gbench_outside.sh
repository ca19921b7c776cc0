#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The C interface to Google Benchmark serves programs outside this tree: installed, found by
# pkg-config and by find_package(), linked and run from C alone; and with the names of the library's
# newer versions it compiles as well.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
cmake --install "$BUILD" --prefix "$prefix" >"$work/log" || { cat "$work/log"; exit 1; }
pc=$(find "$prefix" -name gbench-c.pc)
lib=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH=${pc%/*} LD_LIBRARY_PATH=$lib
cp -r "$prefix"/share/doc/*/examples/gbench-c "$work/outside"
cd "$work/outside"

# works PROGRAM HOW
works() {
	n=$((n + 1))
	"$1" --benchmark_min_time=0.001 out.json >out 2>err ||
		{ complain "built by $2 it fails: $(cat out err)"; return; }
	[ "$(grep -cE '^sort/[0-9]+: [0-9.e+]+ ns, [0-9.e+]+ elements/s$' out)" = 4 ] ||
		complain "built by $2 it prints $(cat out)"
	python3 -c 'import json; assert len(json.load(open("out.json"))["benchmarks"]) == 4' ||
		complain "built by $2 it writes no JSON of four cases"
}

# shellcheck disable=SC2046 # a list of options
if cc -std=c11 -Wall -Wextra -Werror sort.c $(pkg-config --cflags --libs gbench-c) -o sort; then
	works ./sort pkg-config
else
	complain "does not build by pkg-config"
fi
if cmake -S . -B build -DCMAKE_PREFIX_PATH="$prefix" >"$work/log" &&
	cmake --build build >>"$work/log"; then
	works build/sort find_package
else
	cat "$work/log"
	complain "does not build by find_package()"
fi

# The header is C99 and C++, and what it declares is what the library shows, no more and no less.
for compiler in "cc -std=c99 -xc" "c++ -std=c++11 -xc++"; do
	n=$((n + 1))
	$compiler -pedantic -Wall -Wextra -Werror -fsyntax-only "$prefix/include/gbench.h" ||
		complain "the header is refused by $compiler"
done
declared=$(sed -nE 's/^[a-z].*[ *](gbench_[a-z_]+)\(.*/\1/p' "$prefix/include/gbench.h" | sort -u)
shown=$(nm -D --defined-only "$lib/libgbench-c.so" | awk '$2 == "T" { print $3 }' | grep -v '^__' | sort)
n=$((n + $(wc -w <<<"$declared")))
diff <(echo "$declared") <(echo "$shown") || complain "the header (<) and the library (>) differ"

# What 1.8 renamed, done to a copy of 1.7's header: these are all the changes up to 1.9.5 in what the
# library here calls, but for a class that 1.9.5 moved out of its namespace internal.
header=$(pkg-config --variable=includedir benchmark)/benchmark/benchmark.h
if grep -q 'std::string error_message;' "$header"; then
	n=$((n + 1))
	mkdir newer
	cp -r "${header%/*}" newer
	sed -E '/^struct Statistics \{/i enum Skipped : unsigned { NotSkipped, SkippedWithMessage, SkippedWithError };
		s/^( +)bool error_occurred;/\1internal::Skipped skipped;/
		s/error_occurred\(false\)/skipped(internal::NotSkipped)/
		s/std::string error_message;/std::string skip_message;/
		s/SkipWithError\(const char\*/SkipWithError(const std::string\&/
		s/RegisterBenchmark\(const char\*/RegisterBenchmark(const std::string\&/
		s/: Benchmark\(name\)/: Benchmark(name.c_str())/
		s/FunctionBenchmark\(const char\*/FunctionBenchmark(const std::string\&/
		s/LambdaBenchmark\(const char\*/LambdaBenchmark(const std::string\&/' \
		"$header" >newer/benchmark/benchmark.h
	[ "$(diff "$header" newer/benchmark/benchmark.h | grep -c '^>')" -ge 8 ] ||
		complain "this header is not 1.7's: the changes of 1.8 do not apply"
	c++ -std=c++17 -Wall -Wextra -Werror -Inewer -I"$SRC" -fsyntax-only "$SRC/bench/gbench.cc" ||
		complain "does not compile with the names of 1.8"
fi
! grep -nE '^[^/*]*internal::' "$SRC/bench/gbench.cc" || complain "gbench.cc names what 1.9.5 moved"

verdict $n "builds and names"
