# Two commands are enough: `make run` and `make test`. Everything they need is installed into this folder.

SHELL := /bin/bash
PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
MISSION := functions/web/mission
REFERENCE := functions/web/reference
ON := $(if $(PLATFORM),--platform $(PLATFORM))

.DEFAULT_GOAL := help
.PHONY: help install web run demo test bench lint format docs lock clean

help: ## Say what there is
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

install: .make/python ## Install everything locked into .venv

run: install web ## Run the whole market on this machine until Ctrl-C; PLATFORM=google on Google's emulators
	@$(BIN)/cloudrun up $(ON) $(ARGS)

demo: install ## Replay a real day of 505 orders and report on it
	@$(BIN)/cloudrun demo $(ON) $(ARGS)

test: install web ## Run every test
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

bench: install ## Print every performance figure as a ratio measured in one run
	@$(BIN)/cloudrun bench $(ARGS)

lint: install ## Check style, types and the layers of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Format the code
	$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

docs: install web ## Write the documents that are made from the code
	$(BIN)/cloudrun openapi --write
	$(BIN)/cloudrun states --write
	$(BIN)/cloudrun policy table --write
	$(BIN)/cloudrun manifest --write
	@PATH="$$($(BIN)/python -c 'from infra.tools.web import node_folder; print(node_folder())'):$$PATH" npm run --silent --prefix $(MISSION) generate

web: .make/web ## Build the web apps

lock: install ## Lock the newest versions that are at least a week old
	$(BIN)/python -m uv pip compile -q pyproject.toml --all-extras --group dev --generate-hashes --no-emit-index-url \
		--universal --python-version 3.11 --no-header -o requirements.lock

clean: ## Remove what was installed and built; the market's data in .cloudrun stays
	rm -rf .venv .make $(MISSION)/node_modules $(MISSION)/dist $(REFERENCE)/node_modules

.make/python: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "CloudRun needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1). Install it, then try again."; exit 1; }
	@echo "Installing Python packages into .venv …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install -q --disable-pip-version-check uv
	@$(BIN)/python -m uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/python -m uv pip install -q --python $(BIN)/python --no-deps -e .
	@echo "Compiling the dispatch engine …"
	@$(BIN)/python -m infra.serving.compile
	@mkdir -p .make && touch $@

.make/web: .make/python $(MISSION)/package-lock.json $(REFERENCE)/package-lock.json $(shell find $(MISSION)/src $(MISSION)/index.html -type f 2>/dev/null)
	@$(BIN)/python -m infra.tools.web $(MISSION) $(REFERENCE)
	@mkdir -p .make && touch $@
