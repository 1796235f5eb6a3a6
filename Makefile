# Every target sets itself up: a fresh clone needs nothing but Python 3.11 or newer and the package index.
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
PIP = $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
DATA = ../shared/data
SUITES = adi medline cranfield pubmedqa scifact
QUESTION = By what factor does HybridFlow raise RLHF throughput, and how does it do that?

MODEL =
# The CPU build: the plain one pulls gigabytes of CUDA. Where it is not within reach, its tests are skipped.
TORCH = torch==2.13.0+cpu

.PHONY: demo test test-models lint fuzz serve bench eval eval-all screenshots clean

demo: .venv/installed  ## Install, answer a real question in the terminal, say how to open the chat
	@$(BIN)/citeworthy --home .venv/demo ask "$(QUESTION)"
	@echo
	@echo "Ask your own:      $(BIN)/citeworthy ask \"...\""
	@echo "Add your papers:   $(BIN)/citeworthy add FILE"
	@echo "Open the chat:     $(BIN)/citeworthy serve        then http://127.0.0.1:7860"

test: .venv/installed-dev lint .venv/tried-transformers  ## Lint, types, layers and the whole test suite
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-models: .venv/installed-dev  ## Answers by a model of your choice: make test-models MODEL=ollama:llama3.2
	@test -n "$(MODEL)" || { echo "which model? make test-models MODEL=NAME; 'citeworthy models' lists names"; exit 2; }
	@CITEWORTHY_TEST_MODEL="$(MODEL)" $(BIN)/python -m pytest tests/models/test_real_models.py

lint: .venv/installed-dev
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && echo "lint: clean"
	@$(BIN)/mypy --no-error-summary && echo "types: clean"
	@$(BIN)/lint-imports --no-cache > .venv/layers.log 2>&1 || { cat .venv/layers.log; exit 1; }; echo "layers: kept"
	@$(BIN)/deptry --no-ansi src 2> .venv/deptry.log || { cat .venv/deptry.log; exit 1; }; echo "dependencies: declared"

fuzz: .venv/installed-dev  ## 10,000 requests to the API by its OpenAPI document, allowed ones and others; some minutes
	@$(BIN)/python -m tests.fuzz.api

serve: .venv/installed  ## Open the chat
	@$(BIN)/citeworthy serve

bench: .venv/installed-dev  ## Papers per second against LlamaIndex, and the time of a warm answer
	@$(BIN)/python eval/bench/run.py

eval: .venv/installed-dev  ## The bundled questions, citeworthy beside its peers, with intervals; no key, about two minutes
	@$(BIN)/citeworthy --home .venv/eval eval sample --data $(DATA) --report eval/report.html --report eval/report.md >/dev/null
	@sed -n '3,/^$$/p' eval/report.md
	@echo "The whole report: eval/report.html"

eval-all: eval  ## The public collections of ../shared/data as well; a quarter of an hour
	@for suite in $(SUITES); do echo "== $$suite"; \
		$(BIN)/citeworthy --home .venv/eval eval $$suite --data $(DATA) --report .venv/eval/$$suite.html --report .venv/eval/$$suite.md \
		>/dev/null && sed -n '3,/^$$/p' .venv/eval/$$suite.md || exit 1; done

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "citeworthy needs Python 3.11 or newer, with venv"; exit 1; }
	@echo "creating .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "installing citeworthy (about 800 MB of packages, one to three minutes) ..."
	@$(PIP) install --editable . && touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	@echo "installing citeworthy and its development tools (one to three minutes) ..."
	@$(PIP) install --editable '.[dev]' && touch .venv/installed $@

.venv/tried-transformers: | .venv/installed-dev
	@echo "installing transformers and a CPU build of torch for the tests of models, where there is one ..."
	@$(PIP) install --only-binary :all: "$(TORCH)" transformers gguf accelerate 2>/dev/null \
		|| echo "no CPU build of torch within reach: the tests through transformers are skipped"
	@touch $@

screenshots: .venv/installed-dev  ## The pictures of README, from the page as it is (chromium)
	@$(BIN)/python tests/browser/screenshots.py

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
