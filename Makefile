# The two commands of the README: `make serve` and `make test`. Both install what is missing first.
#
# Options of the server go into ARGUMENTS: make serve ARGUMENTS="--port 9000 --ephemeral"
# `make bench` compares it with others; see Benchmarks/README.md.

SWIFT ?= swift
# The worker contains Debian's Python, which reads its runtime package sooner where that is compiled.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
ARGUMENTS ?=

.PHONY: serve build test unit-tests cron-cross-check end-to-end-tests instruction-count bench packages format

serve: build
	.build/release/fgs-emulator serve $(ARGUMENTS)

build: packages
	$(SWIFT) build -c release
	@$(PYTHON) -m compileall -q runtimes/python

test: unit-tests cron-cross-check end-to-end-tests instruction-count

unit-tests: packages
	$(SWIFT) test

# Ten thousand cron expressions, compared with an independent implementation.
cron-cross-check: packages
	SWIFT="$(SWIFT)" ./scripts/cron-cross-check

# The release build, driven over real sockets by the real SDKs.
end-to-end-tests: build
	./scripts/end-to-end-tests

# The work of the server for a warm call and for starting, counted, against Benchmarks/instructions.json.
instruction-count: build
	./scripts/instruction-count

# Against what one would otherwise run. ARGUMENTS go to it: make bench ARGUMENTS="--quick"
ifdef FGS_EMULATOR_BINARY
bench:
else
bench: build
endif
	./scripts/bench $(ARGUMENTS)

packages:
	@SWIFT="$(SWIFT)" ./scripts/install-packages

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests
