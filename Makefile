PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PORT ?= 8080
FIRESTORE ?= embedded
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run dev token doctor reconcile test fuzz check format bench pins clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/runtime ## Run everything on PORT (8080); FIRESTORE=emulator runs on Google's emulator
	@exec $(BIN)/python -m infra.local --firestore $(FIRESTORE)

dev: .venv/dev ## Like run, and restart when a file changes
	@exec $(BIN)/watchfiles --filter python --sigint-timeout 5 \
		"$(BIN)/python -m infra.local --firestore $(FIRESTORE)" main.py functions infra

token: ## Print a token for ROLE and EMAIL, and let them call; for AUTH=local make run
	@$(MAKE) --no-print-directory --silent .venv/runtime >&2
	@$(BIN)/python -m infra.local.token --role="$$ROLE" --email="$$EMAIL" \
		--url=http://localhost:$(PORT)

doctor: .venv/runtime ## Check settings, Firestore, queues, scheduler and scopes; ARGS="--organizer doctor@clinic.example"
	@$(BIN)/python -m functions.bootstrap.doctor $(ARGS)

reconcile: .venv/runtime ## Compare Firestore with the calendars after a restore; ARGS="--repair missing"
	@$(BIN)/python -m functions.bootstrap.reconcile $(ARGS)

test: .venv/dev ## Run the tests; ARGS are pytest's
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile $(ARGS)

fuzz: .venv/dev ## Send CASES (5000) requests made from the document as each role
	$(BIN)/python -m tests.fuzz --cases $(or $(CASES),5000) $(ARGS)

check: .venv/dev ## Format, lint, types and tests, as CI does
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) --no-print-directory test

format: .venv/dev ## Format the code and fix what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev ## Measure cold start, throughput, calls and memory
	$(BIN)/python -m bench $(ARGS)

pins: .venv/dev ## Regenerate the requirements files from pyproject.toml; ARGS=--upgrade for new versions
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header $(ARGS) \
		pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header $(ARGS) \
		pyproject.toml --group dev --constraint requirements.txt -o requirements-dev.txt

clean: ## Remove the virtual environment, the local key and caches
	rm -rf .venv .local .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/python requirements.txt
	@echo "installing requirements.txt into .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: .venv/runtime requirements-dev.txt
	@echo "installing requirements-dev.txt into .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
