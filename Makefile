# Everything a newcomer needs is here; `make help` lists it. Needed on the machine: Python 3.11 to 3.13, pip, git, make.
# The environments are made from pinned files with hashes. They are complete, so nothing is resolved at installation.

VENV := .venv
EMULATOR := .venv-emulator
READY := $(VENV)/.installed $(EMULATOR)/.installed
BROWSER := $(VENV)/.browser
BIN := $(VENV)/bin
SAMPLES := .local/samples
# What `make run` delivers: one sample of each kind. `make samples` writes all of them.
FIRST_LOOK := liveramp_store_purchases.csv tiktok_offline_template.csv tiktok_crm_events.csv shopify_orders.csv \
	segment.jsonl compressed_purchases.csv.gz
# Files of tests are spread over the cores; the tests of one file stay together and share what they set up.
PARALLEL := -n auto --dist loadfile

# Used only where an environment is made; `make PYTHON=/path/to/python` takes another.
PYTHON ?= $(shell python3 local/environments.py)
PIP := -m pip install --quiet --quiet --disable-pip-version-check --no-compile
LOCKED := --no-deps --only-binary :all: --require-hashes

LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

FILE ?=
SETTINGS ?=
EVENTS_API ?=
RUN_OPTIONS ?=

export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help environments run samples build test lint unit bench lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: environments ## Deliver samples to the simulator; FILE=path SETTINGS=path for your own, EVENTS_API=URL for TikTok
	@$(if $(FILE),,ls $(FIRST_LOOK:%=$(SAMPLES)/%) >/dev/null 2>&1 || $(MAKE) --silent --no-print-directory samples)
	@$(BIN)/conversions run $(if $(FILE),"$(FILE)",$(FIRST_LOOK:%=$(SAMPLES)/%) --settings samples/settings) \
		$(if $(SETTINGS),--settings "$(SETTINGS)") $(if $(EVENTS_API),--events-api "$(EVENTS_API)") $(RUN_OPTIONS) \
		|| test $$? -eq 1 # 1: some rows were rejected, as the result says; for make that is no failure

samples: environments ## Sample files with events of the last days, in .local/samples/
	@mkdir -p $(SAMPLES)
	@$(BIN)/python -m samples.make_samples --as-of "$$(date -u +%Y-%m-%dT%H:%M:%SZ)" --folder $(SAMPLES)

test: lint $(BROWSER) ## Everything: lint, types, template, all tests
	@$(BIN)/pytest $(PARALLEL)

lint: environments ## Style, types, template
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/sam validate --lint --region us-east-1

unit: environments $(BROWSER) ## The tests that need no emulated AWS
	@$(BIN)/pytest $(PARALLEL) -m "not pipeline"

bench: environments ## Figures with their targets: CPU per row and event, memory, dollars (3 to 5 minutes)
	@$(BIN)/python -m tests.benchmarks

build: environments ## The functions and layers for this machine, in .aws-sam-local/
	@$(BIN)/python -m local.aws.build

clean: ## Remove builds, environments and caches (not .local/, which remembers what was delivered)
	rm -rf $(VENV) $(EMULATOR) .aws-sam .aws-sam-local .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

lock: ## Pin the newest packages that requirements/*.in allow (needs uv)
	$(LOCK) requirements/runtime.in --output-file layers/dependencies/requirements.txt
	$(LOCK) requirements/development.in --output-file requirements/development.txt
	$(LOCK) requirements/emulator.in --output-file requirements/emulator.txt

environments:
	@$(MAKE) --silent --no-print-directory -j2 $(READY)

$(VENV)/.installed: requirements/development.txt pyproject.toml
	@echo "Installing the project's packages into $(VENV) (a minute or two, once)"
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python $(PIP) $(LOCKED) -r requirements/development.txt
	@$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(BROWSER): local/browser.py | environments
	@$(BIN)/python local/browser.py
	@touch $@

$(EMULATOR)/.installed: requirements/emulator.txt
	@echo "Installing the emulated AWS into $(EMULATOR)"
	@test -x $(EMULATOR)/bin/python || "$(PYTHON)" -m venv $(EMULATOR)
	@$(EMULATOR)/bin/python $(PIP) $(LOCKED) -r requirements/emulator.txt
	@touch $@
