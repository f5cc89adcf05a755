# Tipbridge: everything a newcomer types. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
WORKERS ?= 2
ORDER ?= 2014
BENCH_VENV := .venv-bench
BENCH_BIN := $(BENCH_VENV)/bin
BENCH_STAMP := $(BENCH_VENV)/.ready
RAY_VENV := .venv-ray
RAY_STAMP := $(RAY_VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: setup demo test orders check fix bench oracles faults evidence-faults box-fuzz bundles filing-faults generated match-engine large-upload large-package flips vectors holds canaries histories help

setup: $(STAMP) ## Make .venv from the locked requirements; leaves .venv/bin/tipbridge

$(STAMP): requirements/dev.lock pyproject.toml
	@tools/find-python $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setup: installing the locked requirements (a few minutes the first time)"
	@$(BIN)/pip install -qq --require-hashes -r requirements/dev.lock
	@$(BIN)/pip install -qq --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src/tipbridge  # each node of the demo starts a program
	@touch $@
	@echo "setup: $(BIN)/tipbridge is ready"

demo: setup ## The 2014 operation on three nodes of this machine; DEMO="--scale small" passes options
	@$(BIN)/tipbridge demo $(DEMO)

test: check ## `check`, then every test; a skip not in tests/allowed_skips.toml fails. TESTS="tests/web" narrows
	@tools/install-debian
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q --randomly-seed $(ORDER) $(TESTS)

orders: setup ## The tests that share a fixture, in five other orders: each must pass in any. TURNS=20
	@files="tests/access tests/foundation/box tests/knowledge/hashes/files \
		$$(grep -rlE 'scope="(module|package|session)"' --include='test_*.py' tests)"; \
	for turn in $$(seq $(or $(TURNS),5)); do \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -q --randomly-seed $$turn $$files || exit 1; \
	done

check: setup ## Format, ruff, types, direction of imports, own lints
	@$(BIN)/ruff format --check --quiet . || { echo "check: run make fix"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/basedpyright --level error
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tools.lints

fix: setup ## Format, and mend what ruff can mend
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

bench: $(BENCH_STAMP) ## Each performance claim as a ratio against a named peer; BENCH="sealing digests" narrows
	@PYTHONPATH=src $(BENCH_BIN)/python -m bench $(BENCH)

oracles: $(BENCH_STAMP) ## Our hashes against pdqhash and vpdq on 3,160 pictures and 12 films; ORACLES=--write for golden.tsv
	@PYTHONPATH=src $(BENCH_BIN)/python -m bench.oracles $(ORACLES)

$(BENCH_STAMP): bench/requirements.lock bench/vpdq.lock
	@tools/find-python $(PYTHON)
	@bench/install-debian
	@test -x $(BENCH_BIN)/python || $(PYTHON) -m venv $(BENCH_VENV)
	@echo "bench: installing the peers (a few minutes the first time)"
	@$(BENCH_BIN)/pip install -qq --require-hashes -r bench/requirements.lock
	@$(BENCH_BIN)/pip install -qq --require-hashes --no-deps -r bench/vpdq.lock || echo "bench: vpdq could not be built; going on without" >&2
	@touch $@

faults: setup ## kill -9 of any node at 50 random moments of the small demo; FAULTS="--seed 7 --moments 9"
	@$(BIN)/python -m tests.faults $(FAULTS)

evidence-faults: setup ## An examination of an image killed at 100 random moments ends in the same report; KILLS=9
	@TIPBRIDGE_KILLS=$(or $(KILLS),100) $(BIN)/python -m pytest -q -p no:randomly --timeout 3600 tests/police/evidence/test_killed.py

.PHONY: ray
ray: $(RAY_STAMP) ## The engine ray on a real cluster of this machine: the same report, workers killed; an environment of its own
	@PYTHONPATH=src $(RAY_VENV)/bin/python -m pytest -q -p no:randomly --timeout 900 tests/police/evidence/with_ray.py

$(RAY_STAMP): requirements/ray.lock
	@tools/find-python $(PYTHON)
	@tools/install-debian
	@test -x $(RAY_VENV)/bin/python || $(PYTHON) -m venv $(RAY_VENV)
	@echo "ray: installing the locked requirements with Ray (a few minutes the first time)"
	@$(RAY_VENV)/bin/pip install -qq --require-hashes -r requirements/ray.lock
	@$(RAY_VENV)/bin/pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

holds: setup ## Legal holds against erasure, 10,000 pairs at once: what was held is there; PAIRS=100
	@TIPBRIDGE_PAIRS=$(or $(PAIRS),10000) $(BIN)/python -m pytest -q -p no:randomly --timeout 0 \
		tests/police/retention/test_erasing.py -k of_a_hold_and_an_erasure

canaries: setup ## 1,000 words planted through every form of a case, none left once it is erased; CANARIES=100
	@TIPBRIDGE_CANARIES=$(or $(CANARIES),1000) $(BIN)/python -m pytest -q -p no:randomly --timeout 0 \
		tests/police/retention/test_canaries.py

bundles: setup ## 1,000 disclosure bundles, each spoiled in some way: verifier and product name exactly that; BUNDLES="--seed 7"
	@$(BIN)/python -m tests.police.disclosure.mass $(BUNDLES)

filing-faults: setup ## kill -9 of filing at 500 random moments, on a lossy way; FAULTS="--seed 7"
	@$(BIN)/python -m tests.faults.filing $(FAULTS)

box-fuzz: setup ## 10,000 mutated pictures, videos and archives through the box; BOX_FUZZ="--seed 7 --count 99"
	@$(BIN)/python -m tests.boxfuzz $(BOX_FUZZ)

generated: setup ## 10,000 valid and 10,000 broken reports and file details; GENERATED="--seed 7 --count 99"
	@$(BIN)/python -m tests.generated $(GENERATED)

flips: setup ## Every byte of 50 packages flipped, sealed and inside, read alone and by a node that keeps nothing: all refused in one way; FLIPS=7 takes every 7th
	@$(BIN)/python -m tests.sharing.exchange.flips $(FLIPS)

large-package: setup ## A package with one file of 10 GB, written and read: no more memory than for 8 MiB; LARGE="--bytes 99"
	@$(BIN)/python -m tests.sharing.exchange.large $(LARGE)

histories: setup ## 200 random histories of 1,000 steps on 3 to 5 nodes over bad wires, with kills, checked afterwards; HISTORIES="--count 9"
	@$(BIN)/python -m tests.sharing.exchange.histories $(HISTORIES)

vectors: setup ## 1,000 packages, valid and spoiled in every way: two readers say the same; VECTORS="--write FOLDER"
	@$(BIN)/python -m tests.sharing.exchange.vectors $(VECTORS)

match-engine: setup ## The match engine's long proofs: queries by brute force, 20 swaps of ten million hashes at a running node
	@$(BIN)/python -m tests.knowledge.hashes.engine $(MATCH_ENGINE)

large-upload: setup ## One upload of 5 GiB to a running node, whose memory must stay as it was; LARGE="--gib 9"
	@$(BIN)/python -m tests.large_upload $(LARGE)

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10
