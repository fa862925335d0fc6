# What a person types. `make` alone lists the targets; SwiftPM does the compiling (Package.swift).
# Needs GNU make, the Swift toolchain, gcc and binutils; Python 3.11 for everything but `lib` and `install`.

# RUNTIME=full builds the same sources with the ordinary Swift runtime, for platforms without Embedded.
# Each runtime has its own scratch folder and its own output folder, so that they never mix.
RUNTIME ?= embedded
ifeq ($(RUNTIME),embedded)
  LIB := build/lib
  # One section a function, and lld, which forgets the imports of dropped sections: what is left of Swift's
  # runtime support is what something calls, so that the list of imports proves that nothing allocates.
  runtime_flags := -Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -use-ld=lld \
    -Xlinker '-T$(CURDIR)/Sources/discard.ld'
else ifeq ($(RUNTIME),full)
  LIB := build/lib-full
  runtime_flags := -Xswiftc -static-stdlib
else
  $(error RUNTIME is embedded or full, not $(RUNTIME))
endif
# Debug information is a fifth of the building time and is stripped from the library. SYMBOLS=1 keeps it in
# the scratch folder's file, for a profiler, or to see whose trap it is.
runtime_flags += $(if $(SYMBOLS),,-Xswiftc -gnone)
SCRATCH := .build-$(RUNTIME)
BIN := $(LIB:build/lib%=build/bin%)

header := include/riskcheck.h
parts := include/riskcheck_status.h include/riskcheck_journal.h
# The C++ binding, as it lies below include/.
cxx_headers := riskcheck.hpp $(addprefix riskcheck/,catalogue.hpp decimal.hpp engine.hpp enums.hpp journal.hpp \
  numbers.hpp port.hpp records.hpp result.hpp scope.hpp walk.hpp)
number = $(shell sed -n 's/^.define RCK_VERSION_$(1) //p' $(header))
MAJOR := $(call number,MAJOR)
VERSION := $(MAJOR).$(call number,MINOR).$(call number,PATCH)
library := libriskcheck.so.$(VERSION)

# The identity that rck_build_info tells. Root may build in a tree that is not its own, hence safe.directory.
git = git -c safe.directory='$(CURDIR)'
COMMIT ?= $(shell $(git) describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
COMPILER = $(shell swift --version 2>/dev/null | sed -n 's/^.*Swift version \([^ ]*\).*/Swift \1/p')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help lib demo tool wheel test test-long bench bench-quick bench-publish install uninstall format lint venv \
  clean FORCE need-swift need-cxx need-python

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

lib: $(LIB)/$(library) ## build build/lib/libriskcheck.so (RUNTIME=full: build/lib-full, with Swift's runtime)
	@ls -l $(LIB)/$(library) | awk '{ print $$NF ": " $$5 " bytes" }'

python_host = RISKCHECK_LIBRARY=$(CURDIR)/$(LIB)/libriskcheck.so PYTHONPATH=bindings/python python3

# The example compiles while the library is being built, which keeps one core busy.
demo: need-python ## build and run the C++ engine, the Python strategy, and a desk that survives a kill
	@$(MAKE) --no-print-directory --jobs=2 lib build/demo-$(RUNTIME)
	build/demo-$(RUNTIME) --seconds 3
	$(python_host) bindings/python/examples/strategy.py
	$(python_host) bindings/python/examples/demo.py

tool: $(BIN)/riskcheck ## build build/bin/riskcheck, which looks at regions and journals (riskcheck --help)

wheel: need-python lib ## build build/wheel/riskcheck-*.whl, the Python package with the library inside
	rm -rf build/wheel
	mkdir -p build/wheel
	RISKCHECK_LIBRARY=$(LIB)/$(library) python3 bindings/python/riskcheck_wheel.py build/wheel

test: | need-python ## run every test suite (SUITES="unit library": only these)
	@python3 Tests/run $(SUITES)

test-long: | need-python ## run the suites that have a long form, for hours
	@python3 Tests/run --long $(SUITES)

bench: need-python lib ## measure everything, peers too, into build/bench/RESULTS.md: about ten minutes
	python3 Benchmarks/run.py --full

bench-quick: need-python lib ## measure in about a minute, without peers
	python3 Benchmarks/run.py --quick

bench-publish: need-python lib ## measure everything, five quick runs beside it, and rewrite Benchmarks/RESULTS.md
	python3 Benchmarks/run.py --agree 5
	python3 Benchmarks/run.py --full --publish

format: venv ## rewrite every source file in the house format
	@python3 Tests/lint/run --fix

lint: venv ## check format, types and tidiness
	@python3 Tests/lint/run

venv: build/venv/installed ## install the pinned Python tools into build/venv

clean: ## remove everything that was built
	rm -rf build .build .build-* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- The library ----

# Directories are prerequisites too: their time changes when a file is added or removed.
sources := $(shell find Sources include Package.swift)

# Two builds in two places give the same bytes: no path of this machine goes in, and no object of an earlier
# build is taken for today's because its IR is the same (flags may differ). The file appears whole or not.
$(LIB)/$(library): $(sources) $(SCRATCH)/identity Makefile | need-swift need-cxx
	RISKCHECK_RUNTIME=$(RUNTIME) swift build -c release --product riskcheck --disable-local-rpath \
	  --scratch-path $(SCRATCH) $(runtime_flags) \
	  -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen \
	  -Xswiftc -file-prefix-map -Xswiftc '$(CURDIR)=.' -Xcc '-ffile-prefix-map=$(CURDIR)=.' \
	  -Xcc '-DRISKCHECK_COMMIT="$(COMMIT)"' -Xcc '-DRISKCHECK_COMPILER="$(COMPILER)"'
	mkdir -p $(LIB)
	objcopy --strip-all $(SCRATCH)/release/libriskcheck.so $@.new
	chmod 755 $@.new
	mv $@.new $@
	ln -sfn $(library) $(LIB)/libriskcheck.so.$(MAJOR)
	ln -sfn libriskcheck.so.$(MAJOR) $(LIB)/libriskcheck.so

# Rewritten only when it changes, so that a new commit or compiler builds anew and nothing else does.
$(SCRATCH)/identity: FORCE | need-swift
	@mkdir -p $(@D)
	@printf '%s\n' '$(COMMIT)' '$(COMPILER)' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# ---- Hosts and tools ----

engine := bindings/cpp/examples/engine

# One unit of all its files: reading the standard library takes longer than the engine, and is done once.
build/engine.o: $(wildcard $(engine)/*) $(cxx_headers:%=bindings/cpp/include/%) $(header) $(parts) | need-cxx
	@mkdir -p $(@D)
	printf '#include "%s"\n' $(notdir $(wildcard $(engine)/*.cpp)) | \
	  $(CXX) -std=c++20 -O2 -Wall -Wextra -Wpedantic -Werror -pthread -Iinclude -Ibindings/cpp/include -I$(engine) \
	  -c -x c++ - -o $@

build/demo-$(RUNTIME): build/engine.o $(LIB)/$(library)
	$(CXX) -pthread $< -o $@ -L$(LIB) -lriskcheck -Wl,-rpath,'$$ORIGIN/$(notdir $(LIB))'

tool_sources := $(wildcard bindings/cpp/tool/*.cpp)
tool_objects := $(tool_sources:bindings/cpp/tool/%.cpp=build/tool/%.o)

build/tool/%.o: bindings/cpp/tool/%.cpp $(wildcard bindings/cpp/tool/*.hpp) $(header) $(parts) | need-cxx
	@mkdir -p $(@D)
	$(CXX) -std=c++20 -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude -c $< -o $@

# $(1): where the library will be, seen from the binary, which is $(2).
link_tool = $(CXX) $(tool_objects) -o $(2) -L$(LIB) -lriskcheck -Wl,-rpath,'$$ORIGIN/$(1)'

$(BIN)/riskcheck: $(tool_objects) $(LIB)/$(library) Makefile
	@mkdir -p $(@D)
	$(call link_tool,../$(notdir $(LIB)),$@)

build/venv/installed: Tests/requirements.txt | need-python
	rm -rf build/venv
	python3 -m venv build/venv
	build/venv/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

need = @command -v $(1) >/dev/null || { echo "$(1) is missing: $(2)." >&2; exit 1; }
need-swift:
	$(call need,swift,install the Swift 6.3 toolchain and put its usr/bin into PATH)
need-cxx:
	$(call need,gcc,apt-get install gcc g++ binutils)
	$(call need,$(CXX),apt-get install gcc g++ binutils)
	$(call need,objcopy,apt-get install gcc g++ binutils)
need-python:
	$(call need,python3,apt-get install python3 python3-venv (3.11 or later))

# ---- Installation: the names and meanings of the GNU standards ----

PREFIX ?= /usr/local
prefix = $(PREFIX)
exec_prefix = $(prefix)
bindir = $(exec_prefix)/bin
datarootdir = $(prefix)/share
mandir = $(datarootdir)/man
libdir = $(exec_prefix)/lib
includedir = $(prefix)/include
pkgconfigdir = $(libdir)/pkgconfig
cmakedir = $(libdir)/cmake/riskcheck
INSTALL = install
INSTALL_PROGRAM = $(INSTALL) -m 755
INSTALL_DATA = $(INSTALL) -m 644

# The module map stays behind: there can be one module.modulemap in an include folder that all packages share.
installed = $(includedir)/riskcheck.h $(parts:include/%=$(includedir)/%) $(addprefix $(includedir)/,$(cxx_headers)) \
  $(libdir)/$(library) \
  $(libdir)/libriskcheck.so.$(MAJOR) $(libdir)/libriskcheck.so $(pkgconfigdir)/riskcheck.pc \
  $(cmakedir)/riskcheckConfig.cmake $(cmakedir)/riskcheckConfigVersion.cmake \
  $(bindir)/riskcheck $(mandir)/man1/riskcheck.1

# Paths inside the installed files are relative to the file they stand in, so that the tree can be moved.
fill = sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@MAJOR@|$(MAJOR)|g' -e 's|@LIBRARY@|$(library)|g' \
  -e "s|@LIBDIR@|$$(realpath -ms --relative-to='$(dir $(2))' '$(libdir)')|g" \
  -e "s|@INCLUDEDIR@|$$(realpath -ms --relative-to='$(dir $(2))' '$(includedir)')|g" \
  -e "s|@PREFIX@|$$(realpath -ms --relative-to='$(dir $(2))' '$(prefix)')|g" \
  $(1) >'$(DESTDIR)$(2)' && chmod 644 '$(DESTDIR)$(2)'

# The installed tool finds the library wherever the tree is moved.
to_libraries = $(shell realpath -ms --relative-to='$(bindir)' '$(libdir)')

install: $(BIN)/riskcheck ## copy library, headers, tool and what finds them below PREFIX (DESTDIR: a staging root)
	$(INSTALL) -d '$(DESTDIR)$(includedir)/riskcheck' '$(DESTDIR)$(pkgconfigdir)' '$(DESTDIR)$(cmakedir)'
	$(INSTALL_DATA) $(header) $(parts) '$(DESTDIR)$(includedir)'
	$(INSTALL_DATA) bindings/cpp/include/riskcheck.hpp '$(DESTDIR)$(includedir)'
	$(INSTALL_DATA) $(addprefix bindings/cpp/include/,$(filter riskcheck/%,$(cxx_headers))) \
	  '$(DESTDIR)$(includedir)/riskcheck'
	$(INSTALL_PROGRAM) $(LIB)/$(library) '$(DESTDIR)$(libdir)/$(library)'
	$(INSTALL) -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(mandir)/man1'
	@$(call link_tool,$(to_libraries),build/tool/riskcheck)
	$(INSTALL_PROGRAM) build/tool/riskcheck '$(DESTDIR)$(bindir)/riskcheck'
	$(INSTALL_DATA) bindings/cpp/tool/riskcheck.1 '$(DESTDIR)$(mandir)/man1'
	ln -sfn $(library) '$(DESTDIR)$(libdir)/libriskcheck.so.$(MAJOR)'
	ln -sfn libriskcheck.so.$(MAJOR) '$(DESTDIR)$(libdir)/libriskcheck.so'
	@$(call fill,bindings/c/riskcheck.pc.in,$(pkgconfigdir)/riskcheck.pc)
	@$(call fill,bindings/cpp/cmake/riskcheckConfig.cmake.in,$(cmakedir)/riskcheckConfig.cmake)
	@$(call fill,bindings/cpp/cmake/riskcheckConfigVersion.cmake.in,$(cmakedir)/riskcheckConfigVersion.cmake)

uninstall: ## remove what install put there, and nothing else
	rm -f $(foreach file,$(installed),'$(DESTDIR)$(file)')
	@rmdir '$(DESTDIR)$(cmakedir)' '$(DESTDIR)$(includedir)/riskcheck' 2>/dev/null || true
