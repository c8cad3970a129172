# The commands of the project. Each does its own set-up.
GO      ?= go
BIN     := bin/egmina
TAGS    := migrated_fynedo,no_emoji
VERSION ?= 0.1.0
LDFLAGS := -s -w -X main.version=$(VERSION)
LINT    := bin/golangci-lint
LINT_V  := v2.15.0
HEADLESS := CGO_ENABLED=0
# The window needs a locale and one scale whatever the machine says.
export LANG ?= C.UTF-8
export FYNE_DISABLE_DPI_DETECTION = 1

.PHONY: demo build test bench pictures tour clean vet lint unit kill sim printer window fuzz

demo: ## Shows the product: a window, or pictures of a guided tour when there is no display
	@.ci/setup $(if $(DISPLAY)$(WAYLAND_DISPLAY),build,tour)
	@$(MAKE) --no-print-directory build
	@if [ -n "$(DISPLAY)$(WAYLAND_DISPLAY)" ]; then $(BIN) demo --dir out/demo; else $(BIN) tour --dir out/tour; fi

build: $(BIN)

.PHONY: $(BIN)
$(BIN):
	@mkdir -p bin
	$(GO) build -trimpath -tags $(TAGS) -ldflags "$(LDFLAGS)" -o $(BIN) ./cmd/egmina

test: ## Everything: vet, linter with the import rules, unit, contract, kill, printer and window tests, fuzzing
	@.ci/setup test
	@$(MAKE) --no-print-directory -j2 -Otarget build lint unit vet
	@$(MAKE) --no-print-directory -j3 -Otarget window kill fuzz printer sim

vet:
	$(HEADLESS) $(GO) vet ./...
	GOOS=windows $(HEADLESS) $(GO) vet ./data/... ./cmd/...

$(LINT):
	@mkdir -p bin
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_V)

lint: $(LINT)
	@bad=$$(git ls-files '*.go' | xargs gofmt -l); test -z "$$bad" || { echo "not gofmt-ed: $$bad"; exit 1; }
	GOFLAGS=-trimpath $(LINT) run --build-tags $(TAGS),kill,cups ./...

unit: ## Unit and contract tests, without a window
	$(HEADLESS) $(GO) test ./...

kill: ## Kills real processes at every write step
	$(HEADLESS) $(GO) test -tags kill -run 'Kill|Cut' -count=1 ./data/...

sim: ## The seeded simulator of kiosks and office
	EGMINA_SIM_SEEDS=2000 $(HEADLESS) $(GO) test -run Simulat -count=1 -timeout 15m ./data/...

printer: ## A real CUPS with a simulated IPP printer behind it
	.ci/printer-test

window: build ## The guided tour in a real window: by keyboard alone and by touch alone
	$(BIN) tour --check --dir out/tour

fuzz: ## Every decoder of outside bytes, 30 s each
	.ci/fuzz 30s

bench: build ## Speeds, as a table
	@.ci/setup test
	.ci/bench

pictures: build ## The pictures of README and docs
	@.ci/setup tour
	$(BIN) tour --dir out/tour --docs docs/pictures

tour: build
	@.ci/setup tour
	$(BIN) tour --dir out/tour

clean:
	rm -rf bin out
