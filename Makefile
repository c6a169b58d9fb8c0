# Everything runs in .venv, which the first target makes; nothing is installed outside it but Chromium for test-e2e.
export SIGNPOST_STATE ?= $(CURDIR)/.state
bin := .venv/bin

.PHONY: help run test check lint-deploy test-e2e test-faults test-wheel eval bench soak fit schemas example lock clean
help:       ## list the targets
	@grep -E '^[a-z0-9-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## /\t/' | expand -t 14

run: ## set up and serve the web try-out on http://127.0.0.1:8080
	@deploy/setup.sh run
	@$(bin)/signpost serve

test: ## set up and pass the tests
	@deploy/setup.sh dev
	$(bin)/python -m pytest -m "not e2e and not faults"

check: ## ruff, format, mypy, import directions, schemas up to date, kb check
	@deploy/setup.sh dev
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m pytest -q tests/test_style.py tests/knowledge/test_schema_files.py
	$(bin)/signpost kb check
	$(bin)/signpost kb test

lint-deploy: ## systemd unit, Dockerfile, compose and Bicep files, each by its own linter or parser
	@deploy/setup.sh dev
	$(bin)/hadolint deploy/docker/Dockerfile
	$(bin)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose/compose.yaml deploy/compose/slack.yaml deploy/compose/teams.yaml
	$(bin)/compose-lint deploy/compose/compose.yaml
	$(bin)/python -m pytest -q tests/deploy

test-e2e: ## drive the real page, and Teams' playground, in headless Chromium
	@deploy/setup.sh dev
	@deploy/browser.sh
	@deploy/clients.sh
	$(bin)/python -m pytest -m e2e

test-faults: ## kill the process at hundreds of steps; nothing promised may be lost
	@deploy/setup.sh dev
	$(bin)/python -m pytest -m faults

test-wheel: ## build the wheel and test it away from the checkout
	@deploy/setup.sh dev
	deploy/test-wheel.sh

eval: ## how well questions find their clause, beside plain matchers
	@deploy/setup.sh dev
	$(bin)/python -m tests.evaluation.run

bench: ## speed, memory and growth, as ratios from one run
	@deploy/setup.sh dev
	$(bin)/python -m tests.bench.run

soak: ## Slack at 40 questions a second for SECONDS (600): memory, and what failed
	@deploy/setup.sh dev
	$(bin)/python -m tests.bench.slack_soak $(SECONDS)

fit: ## fit the matcher's weights anew (development)
	@deploy/setup.sh dev
	$(bin)/python -m tests.evaluation.fit

schemas: ## write knowledge/schemas/*.json anew
	@deploy/setup.sh dev
	$(bin)/python -m knowledge.schema_files

example: ## write signpost.example.yaml, deploy/slack/manifest.yaml and the icons of the Teams app anew
	@deploy/setup.sh run
	$(bin)/python -m adapters.example_settings
	$(bin)/signpost slack manifest --format yaml > deploy/slack/manifest.yaml
	$(bin)/python -m adapters.teams.icons.draw

lock: ## lock the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group install --universal --generate-hashes --no-header --no-annotate --no-emit-index-url -q -o deploy/locks/run.txt
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --no-emit-index-url -q -o deploy/locks/dev.txt

clean: ## remove what the targets made
	rm -rf .venv .state build dist *.egg-info tests/e2e/node_modules
