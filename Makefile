# The two commands of the README: `make serve` and `make test`. Both install what is missing first.
#
# Options of the server go into ARGUMENTS: make serve ARGUMENTS="--port 9000 --ephemeral"

SWIFT ?= swift
ARGUMENTS ?=

.PHONY: serve build test unit-tests cron-cross-check end-to-end-tests packages format

serve: build
	.build/release/fgs-emulator serve $(ARGUMENTS)

build: packages
	$(SWIFT) build -c release

test: unit-tests cron-cross-check end-to-end-tests

unit-tests: packages
	$(SWIFT) test

# Ten thousand cron expressions, compared with an independent implementation.
cron-cross-check: packages
	SWIFT="$(SWIFT)" ./scripts/cron-cross-check

# The release build, driven over real sockets by the real SDKs.
end-to-end-tests: build
	./scripts/end-to-end-tests

packages:
	@SWIFT="$(SWIFT)" ./scripts/install-packages

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests
