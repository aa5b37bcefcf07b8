# `make` alone lists the targets. Needs cargo, and Python 3.11 for what talks to real Singer targets.

PYTHON     ?= $(or $(shell command -v python3.11),$(shell command -v python3))
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
VENV       := .venv
PINS       := tests/targets/requirements
# The other taps of GitHub, Stripe and Salesforce.
PEERS      := $(VENV)/peer/.installed $(VENV)/peer-stripe/.installed $(VENV)/peer-salesforce/.installed
# The targets that the tests pipe into, `singer-check-tap`, what runs pipes, what builds wheels, pytest with PostgreSQL, and the peers.
TARGETS    := target-jsonl meltanolabs-target-postgres pipelinewise-target-postgres target-duckdb
TOOLS      := singer-tools airflow meltano dbt maturin tests
TEST_VENVS := $(TARGETS:%=$(VENV)/%/.installed) $(TOOLS:%=$(VENV)/%/.installed) $(PEERS)

# On Linux a wheel is linked for an older glibc than this machine's, and checked to need no newer one.
WHEEL      := $(if $(filter Linux,$(shell uname -s)),--zig --compatibility manylinux_2_28)

# A wheel does not say where it was built.
REMAP      := --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)=/cargo --remap-path-prefix=$(CURDIR)=/singer-tap

# Builds the guide.
MDBOOK     := 0.5.4
BOOK       := $(VENV)/mdbook-$(MDBOOK)

# The binaries that tests run, built with just the features that `cargo test` asks for: nothing compiles twice.
BUILD      := cargo build --workspace --all-targets

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Both names: pip reads the second one from 25.3 on for what builds a source package.
export PIP_CONSTRAINT       := $(abspath $(PINS)/build.txt)
export PIP_BUILD_CONSTRAINT := $(PIP_CONSTRAINT)

.DEFAULT_GOAL := help
.PHONY: help build wheels test lint test-scripts test-rust test-targets soak mutants venvs demo docs schemas bench bench-stripe bench-salesforce quota clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

build: ## Build the taps, optimised, into target/release
	cargo build --release

wheels: $(VENV)/maturin/.installed ## A wheel of each tap into target/wheels, for pip, uv and Meltano
	@rm -f '$(TARGET_DIR)'/wheels/*.whl
	@for tap in taps/*/Cargo.toml; do PATH='$(abspath $(VENV)/maturin/bin)':"$$PATH" RUSTFLAGS='$(REMAP)' \
	  maturin build --release --locked $(WHEEL) --manifest-path $$tap --out '$(TARGET_DIR)/wheels' || exit 1; done

test: lint test-scripts docs test-rust test-targets ## Everything that CI runs

lint: ## Formatting and clippy
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

test-scripts: ## The generator of the record schemas
	$(PYTHON) -m unittest discover scripts/schemas

test-rust: ## Unit, snapshot and end-to-end tests
	$(BUILD)
	cargo test --workspace

soak: ## Twenty times as many random cases of the engine, other ones each time (about 10 minutes)
	PROPTEST_CASES=7500 PROPTEST_RNG_SEED=$${PROPTEST_RNG_SEED:-$$(date +%s)} cargo test -p singer-tap --test model

mutants: ## Known bugs, planted one by one, which the random cases must find (about 10 minutes)
	$(PYTHON) scripts/mutants.py

test-targets: venvs ## The built tap piped into real Singer targets
	$(BUILD)
	TARGET_DIR='$(TARGET_DIR)' $(VENV)/tests/bin/python -m pytest tests/targets

venvs:
	@$(MAKE) --no-print-directory -j3 $(TEST_VENVS)

# A virtual environment for each program: their dependencies exclude each other.
$(VENV)/%/.installed: $(PINS)/%.txt $(PINS)/build.txt
	@echo "installing $* into $(VENV)/$*"
	@$(PYTHON) -m venv --clear $(VENV)/$*
	@$(VENV)/$*/bin/pip install --quiet --requirement $<
	@touch $@

$(VENV)/peer/.installed: benches/requirements.txt
$(VENV)/peer-stripe/.installed: benches/requirements-stripe.txt
$(VENV)/peer-salesforce/.installed: benches/requirements-salesforce.txt
$(PEERS): $(PINS)/build.txt
	@echo "installing a peer into $(@D)"
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/pip install --quiet --requirement $(filter benches/%,$^)
	@touch $@

demo: $(VENV)/target-duckdb/.installed ## A sync into DuckDB, changes at the source, and a second sync
	cargo build --release -p tap-github -p mock-api
	@TARGET_DIR='$(TARGET_DIR)' VENV='$(VENV)' bash scripts/demo.sh

docs: $(BOOK)/bin/mdbook ## The guide, in target/book, with its links checked, and the documentation of the crates
	$(BOOK)/bin/mdbook build docs --dest-dir '$(abspath $(TARGET_DIR))/book'
	$(PYTHON) -m unittest discover docs
	$(PYTHON) docs/links.py '$(TARGET_DIR)/book'
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps

$(BOOK)/bin/mdbook:
	@echo "installing mdBook $(MDBOOK) into $(BOOK)"
	@cargo install mdbook --version $(MDBOOK) --locked --no-default-features --features search --root $(BOOK) --quiet

schemas: ## Make the record schemas from the vendors' published types
	$(PYTHON) scripts/schemas/generate.py

bench: $(VENV)/peer/.installed ## Side by side with the Python tap (BENCH="--sizes 2000,20000 ...")
	cargo build --release -p tap-github -p mock-api
	@TARGET_DIR='$(TARGET_DIR)' $(PYTHON) benches/github.py --peer $(VENV)/peer/bin/tap-github $(BENCH)

bench-stripe: $(VENV)/peer-stripe/.installed ## The same for Stripe, with requests (BENCH="--only requests ...")
	cargo build --release -p tap-stripe -p mock-api
	@$(PYTHON) benches/stripe.py --built '$(TARGET_DIR)/release' --peer $(VENV)/peer-stripe/bin/python $(BENCH)

bench-salesforce: $(VENV)/peer-salesforce/.installed ## For Salesforce, with Bulk 2.0 and discovery (BENCH="--only bulk ...")
	cargo build --release -p tap-salesforce -p mock-api
	@$(PYTHON) benches/salesforce.py --built '$(TARGET_DIR)/release' --peer $(VENV)/peer-salesforce/bin/python $(BENCH)

quota: $(VENV)/peer/.installed ## What both take of GitHub's quotas (QUOTA="--repositories 100 ...")
	cargo build -p tap-github -p mock-api
	@$(PYTHON) benches/quota.py --built '$(TARGET_DIR)/debug' --peer $(VENV)/peer/bin/tap-github $(QUOTA)

clean: ## Remove everything that was built or installed here
	rm -rf '$(TARGET_DIR)' $(VENV)
