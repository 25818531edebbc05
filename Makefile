# Four commands: make setup, make reports, make test, make benchmarks. They need Python 3.11+, git and a package index.
PYTHON ?= python3
BIN := .venv/bin
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
# Certificates of the machine, for networks with their own.
export UV_SYSTEM_CERTS ?= 1
LOCK := $(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"

.PHONY: help setup reports test benchmarks lock clean

help:
	@echo "make setup       make the environment in .venv"
	@echo "make reports     make the environment and the reports of the example study"
	@echo "make test        check the code and run the tests"
	@echo "make benchmarks  simulations and timings (long)"

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit('Python 3.11 or later is needed; this is ' + sys.version.split()[0]) if sys.version_info < (3, 11) else None"
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	$(BIN)/python -m compileall -q src
	touch $@

reports: setup
	$(BIN)/analysis run data/example

test: setup
	$(BIN)/ruff check src tests benchmarks example
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

benchmarks: setup
	$(BIN)/python -m benchmarks

lock: setup
	$(LOCK) --upgrade --output-file requirements.lock

clean:
	$(PYTHON) -c "import shutil; shutil.rmtree('.venv', ignore_errors=True)"
