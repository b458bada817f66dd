#!/bin/sh
# Everything CI runs, or one folder of it (`sh tools/test.sh faults`). The same tests run on SQLite and on a real PostgreSQL.
set -eu
cd "$(dirname "$0")/.."
only="${1:-}"
. tools/machine.sh
need chromium chromium
postgres

if [ -n "$only" ]; then
    DATABASE_URL= .venv/bin/pytest "tests/$only"
    DATABASE_URL="$POSTGRES" .venv/bin/pytest "tests/$only"
    exit
fi

echo "== style, types, layers"
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy mainstay
.venv/bin/lint-imports
echo "== SQLite"
DATABASE_URL= .venv/bin/pytest -n 2 -m "not browser"
echo "== PostgreSQL"
DATABASE_URL="$POSTGRES" .venv/bin/pytest -n 2 -m "not browser"
echo "== the browser"
DATABASE_URL= .venv/bin/pytest -m browser
