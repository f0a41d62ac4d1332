# Everything runs in .venv, which is made when it is missing or the lock files change.
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
.PHONY: help demo test check fmt lint types arch replay bench sweep mutants up down clean locks

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# Inherited, it would have every process compile every module anew.
export PYTHONDONTWRITEBYTECODE :=

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Watch real checkouts run against misbehaving providers
	@$(BIN)/kauri demo

test: $(READY) ## Run every test, replay and the short sweep included
	@$(BIN)/kauri doctor --mend
	@$(BIN)/pytest -q

check: lint types arch replay ## Lint, types, layers and replay of recorded histories

fmt: $(READY) ## Format the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

lint: $(READY) ## Ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

arch: $(READY) ## Who may import whom
	@$(BIN)/lint-imports

replay: $(READY) ## Recorded histories against today's workflows; needs no server
	@$(BIN)/pytest -q tests/test_replay.py

bench: $(READY) ## Measure; about half an hour
	@$(BIN)/python -m benchmarks

sweep: $(READY) ## Kill everything at every point, then check the books
	@$(BIN)/kauri sweep

mutants: $(READY) ## Seeded bugs that the tests must catch
	@$(BIN)/python -m mutants

up: $(READY) ## Start the whole stack; Ctrl-C stops it
	@$(BIN)/kauri up

down: $(READY) ## Stop a stack left running
	@$(BIN)/kauri down

clean: ## Remove the environment and caches; the data in .kauri stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

locks: ## Resolve the lock files again (needs uv)
	uv pip compile pyproject.toml --extra embedded --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet -o requirements/run.txt
	uv pip compile pyproject.toml --extra embedded --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet -o requirements/dev.txt

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3"; exit 1; }
	@echo "making $(VENV): once, about a minute"
	@if command -v uv >/dev/null 2>&1; then \
	  test -x $(BIN)/python || uv venv --quiet --python "$$(command -v $(PYTHON))" $(VENV); \
	  uv pip install --python $(BIN)/python --quiet --require-hashes -r requirements/dev.txt; \
	  uv pip install --python $(BIN)/python --quiet --no-deps -e .; \
	else \
	  test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt; \
	  $(BIN)/python -m pip install --quiet --no-deps -e .; \
	fi
	@touch $(READY)
