#!/bin/sh
# Starts PostgreSQL, with a new database where PGDATA is empty: POSTGRES_PASSWORD (must
# be set then), POSTGRES_USER (postgres), POSTGRES_DB (as the user), and the files
# /docker-entrypoint-initdb.d/*.sql.
set -eu

case ${1-} in
  '' | -*) set -- postgres "$@" ;;
esac
[ "$1" = postgres ] || exec "$@"

user=${POSTGRES_USER:-postgres}
db=${POSTGRES_DB:-$user}

# Made aside and renamed when whole: a pod killed in the middle starts anew.
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  [ -n "${POSTGRES_PASSWORD-}" ] || { echo "POSTGRES_PASSWORD is not set and $PGDATA is empty" >&2; exit 1; }
  new=$PGDATA.new
  rm -rf "$new"
  mkdir -p "$(dirname "$PGDATA")"
  (umask 077 && printf '%s\n' "$POSTGRES_PASSWORD" >/tmp/pwfile)
  initdb --pgdata "$new" --username "$user" --pwfile /tmp/pwfile --encoding UTF8 --locale C.UTF-8 \
    --auth-local trust --auth-host scram-sha-256
  rm /tmp/pwfile
  echo 'host all all all scram-sha-256' >>"$new/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$new/postgresql.conf"
  # On a socket of its own: nobody is to find it ready before it is.
  (
    export PGHOST=/tmp PGUSER="$user"
    pg_ctl --pgdata "$new" --wait --options "-c listen_addresses= -c unix_socket_directories=/tmp" start
    [ "$db" = postgres ] || createdb "$db"
    for sql in /docker-entrypoint-initdb.d/*.sql; do
      [ ! -e "$sql" ] || psql --dbname "$db" --set ON_ERROR_STOP=1 --file "$sql"
    done
    pg_ctl --pgdata "$new" --wait stop
  )
  rmdir "$PGDATA" 2>/dev/null || true
  mv "$new" "$PGDATA"
fi

exec "$@"
