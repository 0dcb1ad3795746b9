# Everything this project does, from a machine that has only Python (3.11 to 3.13) and make.
#   make quickstart   the main job, from a loopback arXiv to a released dataset and its regression
#   make test         every check: style, types, floors, tests

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: install quickstart test lint bench docs lock clean

install: $(INSTALLED)

# uv is some ten times as fast as pip; where it cannot reach what pip reaches (a mirror named in pip's settings), pip does the work.
# It compiles as pip does: where PYTHONDONTWRITEBYTECODE is set, as in many containers, every start would compile Prefect and spaCy anew.
$(INSTALLED): requirements-dev.txt requirements-uv.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "burden needs Python 3.11, 3.12 or 3.13; set PYTHON=/path/to/one." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(BIN)/uv pip install --python $(BIN)/python --system-certs --quiet --compile-bytecode --require-hashes -r requirements-dev.txt \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

quickstart: install
	$(BIN)/burden quickstart

test: lint
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m benchmarks

# The documents are plain Markdown, read as they are: nothing is built, what can be wrong in them is tested.
docs: install
	$(BIN)/python -m pytest -q tests/test_docs.py

# The locks: names, versions and hashes, no addresses. `requirements.txt` is enough to run burden; `requirements-dev.txt`
# is the same versions and what developing takes.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --system-certs --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --upgrade

lock: $(BIN)/uv
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group dev --constraint requirements.txt -o requirements-dev.txt
	echo uv | $(COMPILE) - -o requirements-uv.txt

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
