#!/usr/bin/env bash
# The daily check as the checklist has it: its own commands, one ssh each. For comparison in the benchmarks.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sites
for command in "${REMOTE[@]}"; do remote "$command"; done
