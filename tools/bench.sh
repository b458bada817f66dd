#!/bin/sh
# The figures of docs/reference/quality.md, on both databases; PostgreSQL's in a database of its own.
set -eu
cd "$(dirname "$0")/.."
. tools/machine.sh
need chromium chromium
postgres
sql() { .venv/bin/python -c "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])" "$POSTGRES" "$1"; }
echo "== SQLite"
DATABASE_URL= .venv/bin/python benchmarks/intake.py
DATABASE_URL= .venv/bin/python benchmarks/arrival.py
echo "== PostgreSQL"
for bench in intake arrival; do
    name="mainstay_bench_${bench}_$$"
    sql "CREATE DATABASE $name"
    DATABASE_URL="${POSTGRES%/*}/$name" .venv/bin/python "benchmarks/$bench.py"
    sql "DROP DATABASE $name WITH (FORCE)"
done
