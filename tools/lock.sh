#!/bin/sh
# Renews requirements.lock (what `make up` installs) and requirements-dev.lock (what `make test` installs on top).
# Usage: tools/lock.sh, from the repository root; needs the package index.
set -eu
python3 -m venv .venv/lock
.venv/lock/bin/pip install --quiet 'uv>=0.9,<1'
compile() {
    .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --constraint tools/constraints.txt pyproject.toml "$@"
}
compile --output-file requirements.lock
compile --extra dev --output-file requirements-dev.lock
rm -rf .venv/lock
