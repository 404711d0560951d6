# `make run` serves the demo on http://127.0.0.1:8000; `make test` runs every test. Both install what they need.

PYTHON := .venv/bin/python
# Checks that open a database use the one of the tests.
TEST_DATABASE := CR_DATA="$(CURDIR)/var/test" CR_DISPOSABLE=1

.PHONY: help setup run test lint bench prove requirements

help:
	@echo "make run           serve the demo on http://127.0.0.1:8000 (PORT=8001 takes another port)"
	@echo "make test          run every test (ARGS='tests/policy -k knife' for some)"
	@echo "make setup         prepare what both need, and no more"
	@echo "make lint          style, types, import contracts, security, migrations"
	@echo "make bench         measure, and write benchmarks/results/"
	@echo "make prove         prove at length what the trail promises (ARGS='trees' for some)"
	@echo "make requirements  compile the pinned requirements anew"

setup:
	@.ci/prepare run
	@.ci/prepare test

run:
	@.ci/prepare run
	@CR_DEMO=1 $(PYTHON) manage.py run_demo

test:
	@.ci/prepare test
	@$(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

lint:
	@.ci/prepare test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	find templates cr_app -name '*.html' -exec .venv/bin/djade --check {} +
	.venv/bin/lint-imports
	$(PYTHON) -m mypy cr_app tests
	$(PYTHON) -m bandit --quiet --recursive --severity-level medium cr_app
	$(TEST_DATABASE) $(PYTHON) manage.py makemigrations --check --dry-run

bench:
	@.ci/prepare test
	@$(PYTHON) -m benchmarks $(ARGS)

prove:
	@.ci/prepare test
	@$(PYTHON) -m benchmarks.proofs $(ARGS)

# Takes the newest versions that go together; hashes pin them, addresses of an index are not written.
UV := $(firstword $(wildcard .venv/bin/uv) uv)
COMPILE = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header pyproject.toml
requirements:
	@command -v $(UV) >/dev/null || { echo "This needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
	$(COMPILE) -o requirements.txt
	$(COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt
