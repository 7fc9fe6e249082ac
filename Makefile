# Every target does the set-up it needs. Say 'make help' for the list.

VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --quiet --disable-pip-version-check
# One more than there are processors: tests also wait for trainings.
TESTS  := $(PY) -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --dist worksteal
STAMP  := $(VENV)/.installed
UPKEEP := $(VENV)/.upkeep
LOCK   := requirements-dev.lock
POLICY := tests/policy/requirements.txt
GITOPS := examples/gitops
# Whatever a finished test run or demo may leave behind.
LEFT   := .demo .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

.DEFAULT_GOAL := help
.PHONY: help install demo demo-stop test unit mutants audit lock hooks faults standin lint format schema docs newcomer \
  examples-schema comparison samples pictures bench release-archives release-check clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## everything into .venv; LOCKED=1: the very files that requirements-dev.lock names

$(STAMP): pyproject.toml
	@python=; for name in python3 python3.11 python3.12 python3.13 python3.14; do \
	  if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    python=$$name; break; fi; done; \
	if [ -x $(PY) ]; then :; elif [ -z "$$python" ]; then \
	  echo "Python 3.11 or newer (with its venv module) is needed, and none is on PATH." >&2; exit 1; \
	else echo "Making $(VENV) with $$($$python --version) ..."; $$python -m venv $(VENV); fi
	@echo "Installing voiceclone and its tools into $(VENV); the larger downloads are:"
ifdef LOCKED
	@$(PY) scripts/pip_install.py --require-hashes --only-binary :all: -r $(LOCK)
	@$(PIP) install --no-deps --no-build-isolation -e .
else
	@$(PY) scripts/pip_install.py -e '.[dev]'
endif
	@$(PIP) install --no-deps --require-hashes --only-binary :all: -r $(POLICY)
	@touch $(STAMP)

$(UPKEEP): $(STAMP)
	@$(PY) -c 'import cyclonedx, detect_secrets, pip_audit, uv' 2>/dev/null || $(PIP) install -e '.[dev,upkeep]'
	@touch $(UPKEEP)

demo: install ## the life of four voices, from up to destroy, on the emulator (KEEP=1 leaves it up)
	@$(PY) scripts/demo.py

demo-stop: install ## ends what 'make demo KEEP=1' left up
	@$(PY) scripts/demo.py --stop

test: install ## all tests; what could not be tried, for want of a Pulumi CLI or a browser, is said at the end
	@$(PY) scripts/pulumi_cli.py >/dev/null || :
	@status=0; $(TESTS) tests/unit || status=$$?; \
	$(TESTS) --durations 20 --timeout 900 tests/engine tests/gitops tests/docs tests/faults tests/policy tests/sequences tests/lives \
	tests/standin tests/emulator || status=$$?; \
	exit $$status

unit: install ## the unit tests alone, and how much of the provider's core they cover; takes about a minute
	@$(TESTS) tests/unit --cov --cov-report=term:skip-covered

mutants: install ## small changes to the code that no unit test notices; ONLY=lifecycle.train for one module
	@$(PY) scripts/mutants.py $(ONLY)

faults: install ## every fault at every exchange with a vendor, and long sequences; takes about half an hour
	@VOICECLONE_ALL_FAULTS=1 VOICECLONE_SEQUENCES=100 VOICECLONE_MACHINE_RUNS=1000 \
	$(TESTS) --timeout 3600 tests/sequences tests/faults tests/lives tests/engine/test_runners.py \
	tests/engine/test_ownership.py tests/gitops/test_story.py tests/unit/test_lifecycle_machine.py

standin: install ## what goes through the stand-in for the CLI, through the real one as well; takes 15 minutes
	@export VOICECLONE_ALL_SCENARIOS=1; status=0; $(TESTS) --timeout 3600 tests/standin || status=$$?; \
	$(TESTS) -m in_process tests/engine || status=$$?; exit $$status

lint: install ## style, types, the layers' import contract, names that nothing uses, workflows, and the schema
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/vulture
	@$(VENV)/bin/zizmor --quiet --offline --config $(GITOPS)/.github/zizmor.yml .github $(GITOPS)
	@$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows \
	  .github/workflows/*.yml $(GITOPS)/.github/workflows/*.yml $(GITOPS)/variants/esc/deploy.yml
	@$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci \
	  $(GITOPS)/.gitlab-ci.yml $(GITOPS)/variants/esc/gitlab-ci.yml
	@$(PY) scripts/check_schema.py

audit: $(UPKEEP) ## advisories, secrets, licences and the lock file; ONLY=licences for one of them
	@$(PY) -P scripts/audit.py $(ONLY)

lock: $(UPKEEP) ## requirements-dev.lock from pyproject.toml; UPGRADE=1: with the newest versions
	@$(VENV)/bin/uv pip compile --quiet --no-config --universal --generate-hashes --python-version 3.11 \
	  --extra dev --extra upkeep $(if $(UPGRADE),--upgrade) --custom-compile-command 'make lock' -o $(LOCK) pyproject.toml

hooks: install ## runs the checks of .pre-commit-config.yaml before every commit of this checkout
	@$(VENV)/bin/pre-commit install

format: install ## lets ruff put the style right
	@$(VENV)/bin/ruff check --fix
	@$(VENV)/bin/ruff format

schema: install ## schema.json and the dynamic provider's classes from the models
	@$(PY) -P -m voiceclone_provider.codegen.schema > schema.json.new || { rm -f schema.json.new; exit 1; }
	@mv schema.json.new schema.json
	@$(PY) -P -m voiceclone_provider.codegen.classes
	@$(PY) scripts/reference.py || echo "The documentation lacks that. Add it, then run 'make docs'." >&2

docs: install ## what is generated in docs/, in English and Chinese; then which translations are behind
	@$(PY) scripts/reference.py
	@$(PY) scripts/translations.py

newcomer: ## what README.md tells a newcomer, in an empty home; CHINESE=1: README.zh-CN.md; takes minutes
	@tests/docs/newcomer.sh $(if $(CHINESE),README.zh-CN.md)

examples-schema: install ## the schema's examples, from docs/examples/*/*/*.yaml to every language (needs their Pulumi plugins)
	@$(MAKE) --no-print-directory schema
	@$(PY) scripts/convert_examples.py $(if $(ALL),--all)
	@$(MAKE) --no-print-directory schema

samples: install ## the speech samples in examples/voices (needs espeak-ng and ffmpeg)
	@$(PY) scripts/make_samples.py

release-archives: $(UPKEEP) ## dist/ with all that a release publishes; TAG=v1.2.3 has it checked, ALL=1 leaves no SDK out
	@PYTHONPATH=scripts $(PY) -m release $(if $(TAG),--tag $(TAG)) $(if $(ALL),--all)

release-check: $(UPKEEP) ## what a release publishes, as users get it: with package indexes, takes about 5 minutes
	@VOICECLONE_RELEASE_CHECK=1 $(PY) -m pytest --durations 10 tests/unit/test_release.py tests/engine/test_release.py

pictures: install ## the pictures of the documents; ONLY=name for one (needs Chromium and the Pulumi CLI)
	@PYTHONPATH=tests $(PY) scripts/pictures.py $(ONLY)

comparison: install ## docs/comparison.md: this package beside others
	@$(PY) scripts/compare_providers.py

bench: install ## start-up, preview and refresh times
	@$(PY) scripts/bench.py

clean: ## removes all that these targets made
	@if [ -d .demo ] && [ -x $(PY) ]; then $(PY) scripts/demo.py --stop; fi
	@rm -rf $(VENV) venv $(LEFT)
	@find . -path "./.*" -prune -o -name __pycache__ -type d -print | xargs rm -rf
