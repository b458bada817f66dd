#!/bin/sh
# The figures of docs/reference/quality.md, on both databases; PostgreSQL's in a database of its own.
set -eu
cd "$(dirname "$0")/.."
. tools/machine.sh
need chromium chromium
postgres
missed=0
# A missed gate does not keep the other figures back; it is told at the end.
bench() { DATABASE_URL="$2" .venv/bin/python "benchmarks/$1.py" || missed=1; }
sql() { .venv/bin/python -c "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])" "$POSTGRES" "$1"; }
echo "== SQLite"
bench intake ""
bench arrival ""
echo "== PostgreSQL"
for what in intake arrival; do
    name="mainstay_bench_${what}_$$"
    sql "CREATE DATABASE $name"
    bench "$what" "${POSTGRES%/*}/$name"
    sql "DROP DATABASE $name WITH (FORCE)"
done
exit "$missed"
