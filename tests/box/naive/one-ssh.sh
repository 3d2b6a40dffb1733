#!/usr/bin/env bash
# The same commands, all remote ones as one script in a single ssh. For comparison in the benchmarks.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sites
remote "$(printf '%s\n' "${REMOTE[@]}")"
