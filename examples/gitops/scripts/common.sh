# shellcheck shell=bash
# What the scripts share. Each runs in the repository's root, with what scripts/install installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
STACK=${STACK:-production}
PULUMI_VERSION=3.259.0
PATH="$PWD/.venv/bin:$PWD/.tools/pulumi-$PULUMI_VERSION:$PATH"
export PATH PULUMI_SKIP_UPDATE_CHECK=true
mkdir -p out

say() { echo "$*" >&2; }
