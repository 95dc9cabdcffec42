# Everything there is to do here. Needs Python 3.11 or newer and make, nothing else.
.DEFAULT_GOAL := help
.PHONY: help env up demo test check soak bench docs pins screenshots speed web

BASE := .venv/.ready-base
TEST := .venv/.ready-test
BIN := .venv/bin
# make up PORT=8080 listens there.
LISTEN = $(if $(PORT),--port $(PORT))
BENCHES = beat events import tick read struggle risk answers train selection wording detector live room console outreach

help: ## say what there is to do
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

env: $(BASE) ## prepare .venv and stop

$(BASE): requirements/base.txt pyproject.toml .ci/env
	@.ci/env base

$(TEST): requirements/test.txt pyproject.toml .ci/env
	@.ci/env test

up: $(BASE) ## start everything; says where to look
	@$(BIN)/tactful up $(LISTEN)

demo: $(BASE) ## start everything with demo people and live audiences
	@$(BIN)/tactful up --demo $(LISTEN)

test: check ## run all tests, on the embedded servers and on those of the system where there are any
	$(BIN)/python tests/together.py

check: $(TEST) ## format, lint, types, imports, structure and docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest tests/house

soak: $(TEST) ## all rounds of the fault tests, and every property tried ten times as often; takes long
	FAULT_ROUNDS=50 $(BIN)/python -m pytest tests/stories/test_faults.py --timeout 14400
	FAULT_ROUNDS=20 $(BIN)/python -m pytest tests/stories/test_live_faults.py --timeout 14400
	FAULT_ROUNDS=20 $(BIN)/python -m pytest tests/stories/test_sending_faults.py --timeout 14400
	$(BIN)/python -m pytest -m soak tests/embedded --timeout 14400
	EXAMPLES=10 $(BIN)/python tests/together.py --timeout 14400

bench: $(BASE) ## measure every path against its baseline
	@set -e; for name in $(BENCHES); do $(BIN)/tactful bench $$name; done

docs: $(TEST) ## write the generated pages of docs/
	$(BIN)/python docs/generate.py

pins: ## compile requirements/ anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements/base.txt
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements/test.txt

web: $(TEST) ## build what browsers run, from web/ into tactful/
	@.ci/node npm --prefix web run --silent check
	@.ci/node node web/build.mjs

screenshots: $(TEST) ## take pictures of the running engine's pages into docs/screenshots
	$(BIN)/python -m deploy.screenshots

speed: $(TEST) ## measure how soon each page of the running engine is seen, and how long its scripts take
	$(BIN)/python -m deploy.speed
