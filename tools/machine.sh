# What the tests need of the machine: programs from Debian's packages, and a PostgreSQL server.

need() { # program, package
    command -v "$1" >/dev/null 2>&1 && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing $2 ..."
        apt-get -qq update >/dev/null 2>&1 || true
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$2" >/dev/null 2>&1 && return 0
    fi
    echo "The tests need $1. Install it, for example with: sudo apt install $2" >&2
    exit 1
}

# Sets POSTGRES to a server that answers: the one on 127.0.0.1:5432, else a throw-away cluster of our own.
postgres() {
    for role in "$(id -un)" postgres; do
        POSTGRES="postgresql://$role@127.0.0.1:5432/postgres"
        if .venv/bin/python -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3)" "$POSTGRES" 2>/dev/null; then
            return
        fi
    done
    binaries="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)"
    if [ -z "$binaries" ]; then
        need initdb postgresql
    fi
    binaries="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
    cluster="$(mktemp -d)"
    as=""
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$cluster"
        as="runuser -u postgres --"
    fi
    $as "$binaries/initdb" -D "$cluster/data" -U postgres -A trust >/dev/null
    $as "$binaries/pg_ctl" -D "$cluster/data" -o "-p 5499 -k $cluster -c listen_addresses=127.0.0.1" -w start >/dev/null
    trap '$as "$binaries/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null; rm -rf "$cluster"' EXIT
    POSTGRES="postgresql://postgres@127.0.0.1:5499/postgres"
}
