# make demo    translate real portal forms and show what was lost (sets up all it needs)
# make test    the tests, within ten minutes on two cores (sets up all it needs)
# make help    all targets
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-full lint figures law7 validity bench generated clean

help:            ## this list
	@grep -hE '^[a-z-]+: *.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */  make \1\t/' | expand -t 20

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[jsonld]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed        ## real portal records into another region's form and an international standard
	@$(BIN)/python examples/demo.py

lint: $(VENV)/.installed-dev    ## style, floors of the house, mapping files
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/metaharmon check

test: lint                      ## the tests (the corpus beside the project is used when it is there)
	@$(BIN)/python -m pytest -n auto -m "not full"

test-full: lint                 ## the long runs, too: every pair, hundreds of generated records each
	@HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -n auto -m "full or not full"

figures: $(VENV)/.installed-dev ## measure the corpus and write docs/reference/figures.md and arrival.md
	@$(BIN)/python benchmarks/figures.py
	@$(BIN)/python benchmarks/arrival.py

law7: $(VENV)/.installed-dev     ## try law 7 on every ordered pair and write docs/reference/law-7.md
	@$(BIN)/python benchmarks/law7.py

validity: $(VENV)/.installed-dev ## is what we write valid there? write docs/reference/validity.md
	@$(BIN)/python benchmarks/validity.py

bench: $(VENV)/.installed-dev   ## measure the speed and write docs/reference/speed.md
	@$(BIN)/python benchmarks/speed.py

generated: $(VENV)/.installed-dev ## write the generated schemas and pages anew
	@$(BIN)/python -m metaharmon.model.schema
	@$(BIN)/python -m metaharmon.model.reference
	@$(BIN)/python -m metaharmon.mapping.editor_schema
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/crosswalks.py
	@$(BIN)/python docs/one_listing.py
	@$(BIN)/python docs/spellings.py

clean:                          ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .hypothesis .ruff_cache
