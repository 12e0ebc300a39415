# All the set-up there is. Needs Python 3.11 or later, git and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for each in python3.11 python3; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
EDITION ?= januari-2021
PYTEST_ARGS ?=
WORKERS ?= auto
TORTURE_ARGS ?=
PEOPLE ?= 1000000
MESSAGES ?= 3000

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_COMPILE := $(BIN)/pip-compile --quiet --upgrade --strip-extras --allow-unsafe --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--build-deps-for=editable
TYPED := smakom_mail tests $(wildcard benchmarks/*.py)

.PHONY: help demo build-env test-env test torture lint format bench lock golden clean

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build-env ## Build the edition januari-2021 and say where to look
	@$(BIN)/smakom-mail build $(EDITION)
	@echo
	@echo "See it in the browser, as different readers get it:"
	@echo
	@echo "    $(BIN)/smakom-mail preview $(EDITION)"
	@echo
	@echo "or open build/$(EDITION)/web/index.html, and build/$(EDITION)/message.eml in a mail program."

build-env: .venv/build.stamp ## Make .venv with what a build needs

test-env: .venv/test.stamp ## Make .venv with what the tests and checks need too

test: test-env ## Run the whole test suite, with branch coverage
	@scripts/ensure-chromium
	@scripts/ensure-mail-servers
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal \
		--cov --cov-report=term --cov-fail-under=95 $(PYTEST_ARGS)

torture: test-env ## Kill senders, cut the power, let readers leave: for a quarter of an hour
	$(BIN)/python -m tests.torture.run $(TORTURE_ARGS)

lint: test-env ## Check format, style, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict $(TYPED)
	$(BIN)/lint-imports

format: test-env ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: test-env ## Measure building and sending beside others that do the same, and print tables
	@cd benchmarks; if [ package-lock.json -nt node_modules/.package-lock.json ]; then \
		command -v npm >/dev/null && npm ci --no-progress --loglevel=error \
		|| echo "the npm packages could not be installed: the rest is measured without them" >&2; fi
	@if [ requirements-bench.txt -nt .venv/bench.stamp ]; then \
		$(PIP) install --quiet --require-hashes -r requirements-bench.txt && touch .venv/bench.stamp \
		|| echo "aiosmtplib and emails could not be installed: measured without them" >&2; fi
	@scripts/ensure-mail-servers || true
	$(BIN)/python -m benchmarks.run --people $(PEOPLE) --messages $(MESSAGES)

golden: test-env ## Write the expected results anew: read the diff before you commit it
	@scripts/ensure-chromium
	$(BIN)/python -m pytest --update-golden tests/golden

lock: test-env ## Lock the newest versions of all packages, with hashes
	$(PIP_COMPILE) --output-file=requirements.txt pyproject.toml
	$(PIP_COMPILE) --extra=dev --constraint=requirements.txt \
		--output-file=requirements-dev.txt pyproject.toml
	$(PIP_COMPILE) --extra=bench --constraint=requirements-dev.txt \
		--output-file=requirements-bench.txt pyproject.toml

clean: ## Remove what make made; var/ (subscribers, outbox) stays
	rm -rf .venv build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find smakom_mail tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "smakom-mail needs Python 3.11 or later: name one with" \
		"make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks venv" \
		"(on Debian: sudo apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The build backend is locked as well, so nothing is fetched without a hash.
.venv/build.stamp: .venv/bin/python requirements.txt pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/test.stamp: .venv/bin/python requirements-dev.txt pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch .venv/build.stamp $@
