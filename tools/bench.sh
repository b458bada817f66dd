#!/bin/sh
# The figures of docs/reference/quality.md, on both databases.
set -eu
cd "$(dirname "$0")/.."
. tools/machine.sh
postgres
echo "== SQLite"
DATABASE_URL= .venv/bin/python benchmarks/intake.py
echo "== PostgreSQL"
DATABASE_URL="$POSTGRES" .venv/bin/python benchmarks/intake.py
