# Wirewatch: the commands that people use. `make demo` and `make test` need Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test format lint types unit coverage bench soak catalogs rights screenshots licences audit lock clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 13

# Made again when the lock file or the packaging changes; otherwise a call costs nothing.
$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wirewatch needs Python 3.11 or newer: make setup PYTHON=python3.12")'
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY)  ## make .venv from the lock file

demo: $(READY)  ## the whole program in the sandbox: no token, no internet
	@$(BIN)/wirewatch sandbox $(ARGS)

test: $(READY) format lint types unit  ## format check, lint, types and the everyday tests

format: $(READY)  ## the format check alone
	$(BIN)/ruff format --check .

lint: $(READY)  ## the linter alone
	$(BIN)/ruff check .

types: $(READY)  ## the type check alone
	$(BIN)/mypy

unit: $(READY)  ## the everyday tests alone; ARGS="tests/unit -k cadence" for some of them
	$(BIN)/pytest -m "not soak" --numprocesses auto --dist worksteal $(ARGS)

coverage: $(READY)  ## the everyday tests, with the lines and branches that none of them reaches
	$(BIN)/pytest -m "not soak" --numprocesses auto --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

bench: $(READY)  ## the benchmarks, as a table of ratios
	$(BIN)/python -m tests.benchmarks $(ARGS)

soak: $(READY)  ## all promises in full, a week and all property tests; ends with a table of what was measured
	$(BIN)/pytest --promises --hypothesis-profile soak --timeout 3600 $(ARGS)

LOCALE := watchlists/locale
POT := $(LOCALE)/wirewatch.pot
PO := -d $(LOCALE) -D wirewatch

catalogs: $(READY)  ## the translations anew: sentences that are new in the code stand empty until they are translated
	$(BIN)/pybabel -q extract --no-default-keywords -k _ -k N_ -k ngettext:1,2 -c Translators: --strip-comment-tags \
		--add-location file --sort-by-file --no-wrap --omit-header -o $(POT) bot handlers watchlists
	$(BIN)/pybabel -q update $(PO) -i $(POT) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel -q compile $(PO)
	@rm $(POT)

rights: $(READY)  ## the table of rights in the README anew
	$(BIN)/python -m bot.build_rights

screenshots: $(READY)  ## the pictures of the README anew; needs a Chromium and a font with emoji
	$(BIN)/python tests/e2e/screenshots.py

licences: $(READY)  ## what the program is installed with, and under which licences
	@$(BIN)/python -m tests.licences

audit:  ## known weaknesses of what is installed; asks pypi.org, and says so where it does not answer
	@test -x $(VENV)/.audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)/.audit && $(VENV)/.audit/bin/pip install --quiet pip-audit; }
	@$(VENV)/.audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements.lock || { \
		echo "Not shown to be clean. Where no weakness is named above, they could not be asked for: try again with the internet."; exit 1; }

COMPILE := $(VENV)/.lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet

# The development lock first: its tools narrow some versions, and all files must agree on all they share.
lock:  ## the lock files anew, from pyproject.toml (ARGS=--upgrade for newer versions)
	$(PYTHON) -m venv $(VENV)/.lock && $(VENV)/.lock/bin/pip install --quiet uv
	$(COMPILE) pyproject.toml --group dev $(ARGS) -o requirements-dev.lock
	$(COMPILE) pyproject.toml -c requirements-dev.lock $(ARGS) -o requirements.lock
	$(COMPILE) --group build -c requirements-dev.lock $(ARGS) -o requirements-build.lock

clean:  ## remove what the other targets made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
