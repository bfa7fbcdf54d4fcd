# make run    one request through everything, against simulated providers; nothing is spent
# make test   everything that CI runs
# make chaos  10000 seeded runs in which everything goes wrong, and 300 real kill -9: prints what was paid twice
# make chaos-peers  how often other clients pay when a reply is lost
# make load   100000 tasks in flight, and durable admissions beside plain SQLite
# make judge  our verdicts on 200000 requests against two validators that we did not write
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
SWIFT ?= swift
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
DEBUG := .build/debug/faregate
RELEASE := .build/release/faregate
PREFIX ?= /usr/local
DEMO := {"model": "google/veo-3.1-fast", "prompt": "A paper boat drifts from dawn to dusk", \
 "start_image": "https://example.com/dawn.png", "end_image": "https://example.com/dusk.png", "aspect_ratio": "9:16"}

.PHONY: run demo test build release install setup format lint schemas suite judge chaos chaos-peers load checks clean

run: build demo

# The program that is built, without building it.
FAREGATE ?= $(DEBUG)
demo:
	@rm -rf .build/demo
	@$(FAREGATE) run --sandbox --output-folder .build/demo '$(DEMO)'

# Tests that wait for replies and processes in real time do not share the machine with those that reckon.
test: setup lint
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(MAKE) --no-print-directory schemas suite checks
	.build/venv/bin/python Tests/judge/judge.py $(DEBUG) --count 12000
	.build/venv/bin/python Tests/judge/judge.py $(DEBUG) --count 6000 --invented 150
	$(SWIFT) test --skip-build --filter '^(FaregateTests|FaregateCommandTests)[.]' --skip WebhookCommandTests
	$(SWIFT) test --skip-build --filter '^(FaregateProvidersTests|FaregateTasksTests)[.]|WebhookCommandTests'

build: setup
	$(SWIFT) build --product faregate

release: setup
	$(SWIFT) build -c release --product faregate

# The catalog against its JSON Schemas, by a validator that we did not write.
schemas: .build/venv
	.build/venv/bin/python Tests/check_schemas.py

# The parameter part of the validator against the official JSON-Schema-Test-Suite, which jsonschema's sources carry.
suite: .build/venv
	.build/venv/bin/python Tests/judge/suite.py $(DEBUG) .build/venv/jsonschema-*.tar.gz

judge: build .build/venv
	.build/venv/bin/python Tests/judge/judge.py $(DEBUG)
	.build/venv/bin/python Tests/judge/judge.py $(DEBUG) --count 60000 --invented 900

# The proof that nothing is paid twice.
chaos: setup
	$(SWIFT) build -c release --product FaregateChaos
	.build/release/FaregateChaos runs --count 10000
	.build/release/FaregateChaos kills --count 300

# The same loss of a reply in other clients, as PyPI has them.
chaos-peers: build .build/peers
	.build/peers/bin/python Tests/chaos_peers/peers.py $(DEBUG)

.build/peers: Tests/chaos_peers/requirements.txt
	rm -rf .build/peers
	python3 -m venv .build/peers
	.build/peers/bin/pip install --quiet -r Tests/chaos_peers/requirements.txt || { rm -rf .build/peers; exit 1; }
	@touch .build/peers

load: setup
	$(SWIFT) build -c release --product FaregateChaos
	.build/release/FaregateChaos load

.build/venv: Tests/judge/requirements.txt
	rm -rf .build/venv
	python3 -m venv .build/venv
	{ .build/venv/bin/pip install --quiet -r Tests/judge/requirements.txt && \
	  .build/venv/bin/pip download --quiet --no-deps --no-binary jsonschema -d .build/venv \
	    "$$(grep '^jsonschema==' Tests/judge/requirements.txt)"; } || { rm -rf .build/venv; exit 1; }
	@touch .build/venv

# The acceptance checks, where they lie beside the project.
checks:
	@if [ -d ../shared/checks ]; then \
	  python3 ../shared/checks/check_verdicts.py $(DEBUG) ../shared/checks/sample/cases.jsonl | tail -n 3 && \
	  python3 ../shared/checks/check_prices.py $(DEBUG) ../shared/checks/sample/prices.jsonl | tail -n 1 && \
	  python3 ../shared/checks/check_repairs.py $(DEBUG) ../shared/checks/sample/cases.jsonl | tail -n 1; \
	else echo "no acceptance checks beside the project"; fi

lint:
	$(SWIFT) format lint --strict -r Sources Tests Package.swift

format:
	$(SWIFT) format -i -r Sources Tests Package.swift

install: release
	install -Dm755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/faregate
	mkdir -p $(DESTDIR)$(PREFIX)/share/faregate
	cp -R catalog plugins $(DESTDIR)$(PREFIX)/share/faregate/

# What is missing on a fresh Debian with Swift.
setup:
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.2 or later is needed: https://www.swift.org/install/linux/"; exit 2; }
	@missing=""; \
	command -v pkg-config >/dev/null || missing="$$missing pkg-config"; \
	pkg-config --exists jansson 2>/dev/null || missing="$$missing libjansson-dev"; \
	pkg-config --exists sqlite3 2>/dev/null || missing="$$missing libsqlite3-dev"; \
	python3 -m venv --help >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null || missing="$$missing python3 python3-venv"; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; \
	fi

clean:
	rm -rf .build
