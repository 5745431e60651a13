# What a person types in this project. `make` alone lists it.

VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/python deploy/node.py
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-annotate

# Chinese stands in files and on the screen, whatever the machine's own encoding is.
export PYTHONUTF8 := 1
# What is compiled once need not be compiled by every process.
unexport PYTHONDONTWRITEBYTECODE

# What the station needs before it can start. Each stands for a step that is done once.
PACKAGES := $(VENV)/packages
VENDOR := static/vendor/LICENSES.txt
WORDS := $(patsubst %.po,%.mo,$(wildcard */translations/*/LC_MESSAGES/messages.po))
READY := $(PACKAGES) $(VENDOR) $(WORDS)

# What speaks, in an environment of its own.
VOICE := .cache/voice
VOICE_PACKAGES := $(VOICE)/packages

# What the tests need besides.
TEST_PACKAGES := $(VENV)/test-packages

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run setup voice test check format bench messages lock clean

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: setup ## Start the station on http://localhost:8000/ (PORT=8080 for another port)
	@exec $(BIN)/gunicorn wsgi:app

setup: $(READY) ## Install, build, and fill the database; run does this first
	@$(BIN)/flask --app wsgi setup

voice: $(VOICE_PACKAGES) ## Speak the pieces of calls, in Mandarin and English, into DATA_DIR/voice
	@$(VOICE)/bin/python deploy/voice.py

test: $(READY) $(VOICE_PACKAGES) check ## Run every check and every test
	@$(BIN)/python -m tests.install
	$(BIN)/pytest -n auto --dist worksteal --ignore tests/browser $(ARGS)
	$(BIN)/pytest tests/browser $(ARGS)

check: $(PACKAGES) $(TEST_PACKAGES) ## Lint, types, and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TEST_PACKAGES) ## Format the code, and repair what can be repaired by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY) $(TEST_PACKAGES) ## Measure the station under load
	@$(BIN)/python -m tests.install
	$(BIN)/python -m tests.load.bench

messages: $(PACKAGES) ## Collect the words of code and templates into the translation files
	@deploy/messages.sh

lock: $(BIN)/pip ## Renew the lock files after a change of dependencies (UPGRADE=--upgrade: newest versions)
	@$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(LOCK) $(UPGRADE) pyproject.toml -o requirements.txt
	for group in test node servers voice; do \
		$(LOCK) $(UPGRADE) -c requirements.txt --group $$group -o requirements-$$group.txt || exit 1; \
	done
	$(NODE) npm install --package-lock-only

clean: ## Remove everything that was installed or built; the station's data stays
	rm -rf $(VENV) node_modules static/vendor $(WORDS) .cache .mypy_cache .ruff_cache .pytest_cache

# pip is the last thing to come into a new environment: where it is, the environment is whole.
$(BIN)/pip:
	@deploy/venv.sh $(VENV)

$(PACKAGES): requirements.txt | $(BIN)/pip
	@echo "Installing Python packages …"
	@$(PIP) -r $<
	@touch $@

$(VOICE_PACKAGES): requirements-voice.txt
	@deploy/venv.sh $(VOICE)
	@$(VOICE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(TEST_PACKAGES): requirements-test.txt | $(BIN)/pip
	@echo "Installing test packages …"
	@$(PIP) -r $<
	@touch $@

node_modules/.package-lock.json: package-lock.json .npmrc | $(BIN)/pip
	@echo "Installing front-end packages …"
	@$(NODE) npm ci --silent
	@touch $@

$(VENDOR): static/build.mjs node_modules/.package-lock.json $(wildcard static/icons.txt) $(shell find templates -name '*.html' 2>/dev/null)
	@$(NODE) node static/build.mjs

%.mo: %.po $(PACKAGES)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
