# shellcheck shell=bash
# PostgreSQL, and images of one's own.

# once POD IMAGE [COMMAND...]: what it prints. From its log: attaching may come too late.
once() {
  local pod=$1 image=$2
  shift 2
  k run "$pod" --image="$image" --restart=Never ${1:+--command --} "$@" >/dev/null
  k wait --for=jsonpath='{.status.phase}'=Succeeded "pod/$pod" --timeout=60s >/dev/null
  k logs "$pod"
}

check "Node.js is the product's" v24. once version node:24 node --version

claim database standard
postgres() {
  pod database postgres:15-debian 'env: [{name: POSTGRES_PASSWORD, value: secret}, {name: POSTGRES_DB, value: shop}],
    readinessProbe: {exec: {command: [pg_isready, -U, postgres, -d, shop]}, periodSeconds: 1},
    securityContext: {runAsNonRoot: true}, volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]' database
}
query() { # PASSWORD SQL
  k exec database -- env PGPASSWORD="$1" psql -h 127.0.0.1 -U postgres -d shop -Atc "$2"
}
postgres
check "PostgreSQL runs, with a password" "PostgreSQL 15" query secret 'select version()'
check "... and refuses a wrong one" "authentication failed" query wrong 'select version()'
check "... as user postgres" "uid=999(postgres)" k exec database -- id
check "... with locale C.UTF-8" "C.UTF-8 UTF8" query secret \
  "select datcollate || ' ' || pg_encoding_to_char(encoding) from pg_database where datname = 'shop'"
query secret 'create extension pgcrypto; create table item as select i, md5(i::text) from generate_series(1, 10000) i' >/dev/null
check "... and keeps its data: written" 10000 query secret 'select count(*) from item'
k delete pod database --now >/dev/null
postgres
check "... and read by the next pod" "10000 50005000" query secret "select count(*) || ' ' || sum(i) from item"

# An image of one's own, then another of the same tag.
rootfs=$(mktemp -d)
chmod 755 "$rootfs"
tar -xOf "${GODWIT_TESTBED_STATE:-/var/lib/godwit-testbed}/$name/bin/busybox.tar" layer.tar | tar -xC "$rootfs"
for version in one two; do
  echo "this is $version" >"$rootfs/version"
  testbed image prove:1 "$rootfs" cat /version >"$rootfs.tar"
  testbed load "$name" "$rootfs.tar"
  check "an image of one's own: $version" "this is $version" once own-$version prove:1
done
rm -rf "$rootfs" "$rootfs.tar"
