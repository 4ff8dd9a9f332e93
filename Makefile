# `make site` builds the register, `make test` runs every test; both set up what they need.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
ELEVENTY := benchmarks/peers/eleventy

.PHONY: site test lint serve golden bench clean help

help: ## show what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

site: $(VENV)/site.done ## check the registry and build site/
	$(RUN) build.py

serve: $(VENV)/site.done ## build, serve on http://127.0.0.1:8000 and rebuild on every change
	$(RUN) build.py serve

test: lint $(VENV)/tools.done ## run every test, in a real browser too
	$(RUN) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/test.done ## ruff and mypy
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

golden: $(VENV)/test.done ## write the golden site and the outputs of the broken records anew
	$(RUN) -m tests.golden

bench: $(VENV)/bench.done ## measure builds against Hugo and Eleventy; see benchmarks/README.md
	$(RUN) -m benchmarks $(BENCH)

clean: ## remove the virtual environment and the caches; the site stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Debian keeps what makes virtual environments in a package of its own, named after the version of Python.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there: install Python 3.11 or later." >&2; exit 1; }
	@said=$$($(PYTHON) -m venv $(VENV) 2>&1) && exit 0; \
	rm -rf $(VENV); \
	case "$$said" in *ensurepip* | *"No module named"*) ;; *) echo "$$said" >&2; exit 1 ;; esac; \
	package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$$package" && $(PYTHON) -m venv $(VENV) && exit 0; \
		rm -rf $(VENV); \
	fi; \
	echo "Install the package $$package, then run make again." >&2; \
	exit 1

$(VENV)/site.done: requirements.lock | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/test.done: requirements-test.lock $(VENV)/site.done
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

$(VENV)/tools.done: tests/install-tools.sh $(VENV)/test.done
	sh tests/install-tools.sh $(RUN)
	touch $@

# Without npm the benchmarks do without Eleventy, and say so.
$(VENV)/bench.done: requirements-bench.lock $(ELEVENTY)/package-lock.json $(VENV)/site.done
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	mkdir -p $(VENV)/eleventy
	cp $(ELEVENTY)/package.json $(ELEVENTY)/package-lock.json $(VENV)/eleventy
	@if command -v npm >/dev/null; then cd $(VENV)/eleventy && npm ci --silent --no-audit --no-fund; fi
	touch $@
