# POA: what each target does stands after its `##`; `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
# Some machines forbid it; compiling all of Prefect anew for each process costs more than what the process does.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test soak check fix lock audit bench gate clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# The one hash-pinned lock is installed by uv, itself installed from the same lock.
$(BIN)/poa: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	awk '/^[^ ]/ {keep = /^uv==/} keep' requirements.lock > .venv/uv.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r .venv/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(BIN)/poa ## sample inbox of 40 units and the founding workbook -> warehouse and reports, in demo/
	$(BIN)/poa demo --out demo

test: $(BIN)/poa ## run the tests
	$(BIN)/python -m pytest -n auto

soak: $(BIN)/poa ## run the tests that take long
	$(BIN)/python -m pytest -n auto -m soak

check: $(BIN)/poa ## format, lint, types, architecture, generated docs, migrations: changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m developers docs --check
	$(BIN)/python -m developers migrations

fix: $(BIN)/poa ## format, mend what lint can mend, write the generated docs
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m developers docs

lock: ## resolve pyproject.toml anew into requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --all-extras --no-header pyproject.toml -o requirements.lock

audit: $(BIN)/poa ## ask the public database of known vulnerabilities about the locked packages
	$(BIN)/uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements.lock

bench: $(BIN)/poa ## measure against a pandas + openpyxl script and the bare decoder, 200 workbooks
	$(BIN)/python -m benchmarks

gate: $(BIN)/poa ## a small benchmark that fails where a run became twice as long, held against the bare decoder
	$(BIN)/python -m benchmarks.gate

clean: ## remove the environment and what demo and tests leave
	rm -rf .venv demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
