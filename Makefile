# `make demo` shows a whole night on a small country; `make test` runs everything. Needs Python 3.11 or newer.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVERS := .venv-servers
LOCKER := .venv-lock
PIP := -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
NIGHT ?= 2026-11-16

BENCH := .venv-bench

.PHONY: help venv venv-servers bench-venv python system demo lint check test lock

help:
	@echo "make demo    a night on a small country: crawl, marks, report (under 2 minutes once installed)"
	@echo "make test    system packages (as root), environments, all tests"
	@echo "make check   lint and quick tests"
	@echo "make lint    ruff, mypy, import-linter"
	@echo "make venv    the environment in $(VENV)"
	@echo "make bench-venv  other detectors of file types, for benchmarks/accuracy.py formats"
	@echo "make lock    write the lock files anew"

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [[ $$(id -u) == 0 ]] && command -v apt-get >/dev/null; then \
	    echo "Installing python3-venv"; apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; \
	  else \
	    echo "This Python cannot make environments. On Debian: sudo apt-get install python3-venv" >&2; exit 2; \
	  fi; \
	fi

venv: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml | python
	@echo "Installing into $(VENV)"
	@[[ -x $(BIN)/python ]] || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(PIP) install --require-hashes -r requirements.lock
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# pywb pins old libraries, so what replays recorded sites has an environment of its own.
venv-servers: $(SERVERS)/.installed

$(SERVERS)/.installed: tests/servers/requirements.lock | python
	@echo "Installing into $(SERVERS)"
	@[[ -x $(SERVERS)/bin/python ]] || $(PYTHON) -m venv $(SERVERS)
	@$(SERVERS)/bin/python $(PIP) install --require-hashes -r tests/servers/requirements.lock
	@touch $@

# Detectors that the formats benchmark measures beside ours; no test needs them. libmagic itself is Debian's libmagic1.
bench-venv: $(BENCH)/.installed

$(BENCH)/.installed: benchmarks/requirements.lock | python
	@echo "Installing into $(BENCH)"
	@[[ -x $(BENCH)/bin/python ]] || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python $(PIP) install --require-hashes -r benchmarks/requirements.lock
	@touch $@

system:
	@.ci/system

demo: venv
	@$(BIN)/python tests/lab/demo.py --night $(NIGHT) --folder demo

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint
	$(BIN)/pytest -n $(WORKERS) -m "not full"

test: system venv venv-servers lint
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

lock: $(LOCKER)/bin/uv
	$< pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --upgrade --output-file requirements.lock
	$< pip compile tests/servers/requirements.in --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --upgrade --output-file tests/servers/requirements.lock
	$< pip compile benchmarks/requirements.in --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --upgrade --output-file benchmarks/requirements.lock
	@! grep -nE '(https?|file)://' requirements.lock tests/servers/requirements.lock benchmarks/requirements.lock

$(LOCKER)/bin/uv: | python
	@$(PYTHON) -m venv $(LOCKER)
	@$(LOCKER)/bin/python $(PIP) install uv
