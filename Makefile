# The front door: `make run` to see it, `make test` to change it. Everything else is listed by `make help`.
.DEFAULT_GOAL := help
.PHONY: help install run test check fix faults corpus bench lock vendor
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := requirements/pip-26.3-py3-none-any.whl/pip
export HTTP SMTP DATA DATABASE_URL

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*##/\t/' | expand -t 10

run: $(VENV)/run ## set everything up, then run the demo desk
	@$(BIN)/mainstay demo

install: $(VENV)/run ## set everything up, and start nothing
	@$(BIN)/python -m compileall -q mainstay $(VENV)/lib
	@echo "Installed: $(BIN)/mainstay start runs it (docs/operate/install.md)."

test: $(VENV)/dev ## everything CI runs: checks, tests on SQLite and PostgreSQL, the real browser
	@sh tools/test.sh

check: $(VENV)/dev ## style, types and layers
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy mainstay && $(BIN)/lint-imports

fix: $(VENV)/dev ## let the tools mend what they can
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

faults: $(VENV)/dev ## the fault tests with every seed
	MAINSTAY_ALL_SEEDS=1 sh tools/test.sh faults

corpus: $(VENV)/dev ## the shared mail corpora, where they lie beside the checkout
	$(BIN)/pytest tests/corpus --override-ini testpaths=tests/corpus -s

bench: $(VENV)/dev ## the figures of docs/reference/quality.md
	sh tools/bench.sh

lock: ## pin requirements/*.in anew (needs uv)
	for set in base dev; do uv pip compile requirements/$$set.in --upgrade --generate-hashes --universal --python-version 3.11 \
	  --no-emit-index-url --no-annotate --no-header -o requirements/$$set.txt; done

vendor: $(VENV)/run ## fetch the vendored front-end files anew and check them (needs npm)
	$(BIN)/python -m mainstay.ui.vendor

# The venv comes without ensurepip, which Debian ships apart; the pip beside the locks is the same everywhere.
$(BIN)/python:
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Mainstay needs Python 3.11 or newer; PYTHON=python3.12 make ... names another one."; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/run: requirements/base.txt | $(BIN)/python
	@echo "Installing what Mainstay stands on ..."
	@$(BIN)/python tools/install.py $(PIP) requirements/base.txt
	@$(BIN)/python tools/command.py
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/run
	@echo "Installing what the tests stand on ..."
	@$(BIN)/python tools/install.py $(PIP) requirements/dev.txt
	@touch $@
