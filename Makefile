# The two commands of the README: `make serve` and `make test`. Both install what is missing first.

SWIFT ?= swift

.PHONY: test packages format

test: packages
	$(SWIFT) test

packages:
	@./scripts/install-packages

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests
