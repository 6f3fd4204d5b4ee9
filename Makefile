# Quiet by default; V=1 shows the commands.
Q := $(if $(V),,@)
say = @printf '  %-7s %s\n' '$(1)' '$(2)'
CONFIG := release
DOTNET_FLAGS := -c $(CONFIG) --nologo $(if $(V),,-v q -clp:NoSummary)
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: setup bpf build test demo bench fmt clean
.DEFAULT_GOAL := build

setup:
	$(Q)./scripts/setup.sh

bpf: setup
	$(Q)./scripts/bpf.sh

build: bpf
	$(call say,BUILD,ClusterMesh.sln)
	$(Q)dotnet build ClusterMesh.sln $(DOTNET_FLAGS)
	$(Q)./scripts/link-commands.sh artifacts/bin $(CONFIG)

test: build
	$(call say,TEST,all rings that run here)
	$(Q)./scripts/test.sh $(CONFIG)

demo: build
	$(Q)bin/clustermesh demo --bin bin $(if $(KEEP),--keep)

bench: build
	$(Q)./load/bench.sh $(BENCH)

fmt:
	$(call say,FMT,ClusterMesh.sln)
	$(Q)dotnet format ClusterMesh.sln

clean:
	$(Q)rm -rf artifacts bin
