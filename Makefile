# Everything that one does with the project. `make run` and `make test` need nothing but Rust, Node and, for what is missing, apt.

CARGO_TARGET_DIR ?= target
ALONGSIDE ?= $(CARGO_TARGET_DIR)/debug/alongside
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*')
export ALONGSIDE CARGO_TARGET_DIR

.PHONY: run test check bench web rust e2e identity converge attack-suite leak-suite image-suite sites container-check screenshots clean

# Builds what is not built, and starts the demo: a made-up shop, an agent's account, both addresses printed.
run: binary
	@scripts/setup.sh browser
	$(ALONGSIDE) demo

# Every test: Rust, TypeScript, the journeys in Chromium, a short run of the convergence check.
test: rust
	cd web && npm test
	@$(MAKE) --no-print-directory e2e-only
	node tests/converge.mjs --batches 60
	node tests/leak.mjs --short

# What a change must pass: formats, lints, types, all tests, licences.
check: web/dist/.built
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cd web && npm run check
	@$(MAKE) --no-print-directory test
	@if command -v cargo-deny >/dev/null; then cargo deny --locked check; else echo "cargo-deny is not installed: licences and advisories were not checked."; fi

# Speed: of the rewriter and the wash alone; of the whole server against nginx; from a visitor to those who watch, alone, in many sessions at once,
# and in real browsers.
bench: web/dist/.built browser-tools
	@scripts/setup.sh build
	-@scripts/setup.sh bench
	cargo build --locked --release --bin alongside --benches
	cargo bench --locked --bench rewrite --bench wash --bench scrub
	ALONGSIDE=$(CARGO_TARGET_DIR)/release/alongside node tests/bench.mjs
	ALONGSIDE=$(CARGO_TARGET_DIR)/release/alongside cargo bench --locked --bench fanout
	ALONGSIDE=$(CARGO_TARGET_DIR)/release/alongside node tests/bench/together.mjs

# Console, join page, viewer, shim and companion, into web/dist/.
web: web/dist/.built

web/dist/.built: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && node build.mjs
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json web/package.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tests/node_modules/.package-lock.json: tests/package-lock.json tests/package.json
	cd tests && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The Rust tests, some of which start a browser; they build the binary too, which the tests in a browser then use.
rust: web/dist/.built
	@scripts/setup.sh build
	@scripts/setup.sh browser
	@cargo fetch -q --locked
	cargo test --locked

# The binary with the features that the tests have, so that nothing compiles twice.
.PHONY: binary browser-tools e2e-only
binary: web/dist/.built
	@scripts/setup.sh build
	@cargo fetch -q --locked
	cargo build --locked --bin alongside --test tidy

browser-tools: tests/node_modules/.package-lock.json
	@scripts/setup.sh browser

# Journeys of visitor and agent, in Chromium, through the real binary.
e2e: binary e2e-only

e2e-only: browser-tools web/node_modules/.package-lock.json
	node --test --test-concurrency=1 --test-timeout=300000 $(if $(ONLY),--test-name-pattern='$(ONLY)') tests/shim/*.test.mjs tests/acts/*.test.mjs tests/overlay/*.test.mjs tests/screen/*.test.mjs tests/masks/*.test.mjs tests/hosted/*.test.mjs tests/e2e/*.test.mjs

# Each page of the demo, as the visitor and as the agent see it, compared pixel by pixel.
identity: binary browser-tools
	node tests/identity.mjs

# 2,000 random batches of changes: the visitor's page, the server's mirror and the agent's view have equal hashes after each.
converge: binary browser-tools
	node tests/converge.mjs --batches 2000

# Hostile pages: nothing of them runs at an agent, and nobody's browser asks their helper elsewhere for anything.
attack-suite: binary browser-tools
	node tests/attack.mjs

# Canaries on every way into a page, in disguise: none reaches an agent, the log or the disk.
leak-suite: binary browser-tools
	node tests/leak.mjs

# Journeys in image mode, and every frame of an agent looked through for what must be covered. It does not pass yet, and so is not part of the tests.
image-suite: binary browser-tools
	node --test --test-concurrency=1 tests/e2e/image/*.test.mjs

# Journeys on two sites from the npm registry that nobody here wrote.
sites: binary browser-tools
	node tests/sites.mjs

# The pictures in docs/.
screenshots: binary browser-tools
	node tests/screenshots.mjs

# The Dockerfile's steps in a clean Debian root, as root, without a container engine.
container-check: web/dist/.built
	tests/container/check.sh

clean:
	cargo clean
	rm -rf web/dist web/node_modules tests/node_modules tests/out
