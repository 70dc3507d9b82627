# `make up STACK=...` brings a stack up in the sandbox, `make test` runs every test; both make .venv first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
VENV := .venv
DONE := $(VENV)/.made-from
# What .venv is made from; it is made anew, in place, when one of these is newer.
SOURCES := pyproject.toml requirements-dev.lock

.PHONY: help up preview destroy test

help:  ## what there is to type
	@printf 'make up STACK=single-server-dev       bring a stack up in the sandbox; no cloud account needed\n'
	@printf 'make preview STACK=single-server-dev  what an update would change\n'
	@printf 'make destroy STACK=single-server-dev  take it down again\n'
	@printf 'make test                             run every test\n'

ifneq (,$(filter up preview destroy,$(MAKECMDGOALS)))
ifeq (,$(STACK))
$(error name a stack: make $(firstword $(MAKECMDGOALS)) STACK=single-server-dev)
endif
endif

up preview destroy: $(DONE)
	@$(VENV)/bin/blueprints $@ $(STACK)

test: $(DONE)
	@.ci/test

$(DONE): $(SOURCES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		printf 'blueprints needs Python 3.11 or newer: %s\n' "$$($(PYTHON) --version 2>&1)" >&2; \
		printf '    fix: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11\n' >&2; exit 1; }
	@# A folder that is there may be of an interpreter that is not there any more.
	@$(VENV)/bin/python -c 'import ssl' 2>/dev/null || { rm -rf $(VENV); printf 'making $(VENV)\n' >&2; $(PYTHON) -m venv $(VENV) || { \
		printf '    fix: install the venv module (Debian: apt install python3-venv)\n' >&2; rm -rf $(VENV); exit 1; }; }
	@printf 'installing packages into $(VENV) from requirements-dev.lock\n' >&2
	@# pip says nothing while it works, so that its warnings can be seen; a dot every two seconds says that it does.
	@while sleep 2; do printf . >&2; done & ticking=$$!; trap 'kill $$ticking 2>/dev/null; printf "\n" >&2' EXIT; \
		$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r requirements-dev.lock; \
		$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@touch $@
