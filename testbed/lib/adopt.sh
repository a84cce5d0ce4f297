# shellcheck shell=bash
# A cluster of the user's own (kind, k3d, a cloud's) in the place of source or dest. Its
# folder holds a copy of its kubeconfig, a way to a kubectl, and the marker `adopted`: its
# server and context. It is only looked at, never changed, and nothing of this needs root.

not_ours_to_load=4 # exit code

adopted() { [[ -e $DIR/adopted ]]; }

# adopt NAME KUBECONFIG [CONTEXT]: in a shell of its own. Nothing is kept of a cluster
# that does not answer, and one adopted before in its place stays then.
adopt() {
  describe "$1"
  local file=$2 context=${3:-} final=$DIR kubectl error
  kubectl=$(kubectl_found)
  mkdir -p "${DIR%/*}" 2>/dev/null || true
  [[ -w ${DIR%/*} ]] ||
    die "cannot write to ${DIR%/*}: name a folder of yours in GODWIT_TESTBED_STATE"
  exec 9>"$DIR.lock"
  flock 9
  [[ ! -e $DIR/pid ]] || die "$NAME is a cluster of the test bed itself: 'testbed down $NAME' first"
  DIR=$final.new BIN=$final.new/bin
  trap 'rm -rf "$DIR"' EXIT
  rm -rf "$DIR"
  mkdir -p "$BIN"
  # No link: some find their helpers by their own path.
  printf '#!/bin/bash\nexec %q "$@"\n' "$kubectl" >"$BIN/kubectl"
  chmod 755 "$BIN/kubectl"
  # Flattened, as its paths may be relative to where it lies; one context, as the other
  # clusters in it are nobody's business here.
  error=$(umask 077 && "$kubectl" --kubeconfig "$file" ${context:+--context "$context"} \
    config view --raw --flatten --minify 2>&1 >"$DIR/kubeconfig") ||
    die "$NAME: cannot use ${context:-the current context} of $file: ${error##*$'\n'}"
  kubectl config view -o jsonpath='{.clusters[0].cluster.server} {.current-context}{"\n"}' >"$DIR/adopted"
  adopted_ready
  rm -rf "$final"
  mv "$DIR" "$final"
  echo "$NAME: adopted, KUBECONFIG=$final/kubeconfig"
}

# The one on PATH, so that nothing need be built for clusters that are not ours.
kubectl_found() {
  local built
  type -P kubectl | xargs --no-run-if-empty realpath --no-symlinks | grep . && return
  built=$(part_dir kube)/kubectl
  [[ -x $built ]] ||
    unfit "no kubectl on PATH: install it (https://kubernetes.io/docs/tasks/tools/), or have one built by 'testbed build'"
  echo "$built"
}

# adopted_ready: says so when no snapshots can be made, and dies when it does not answer.
adopted_ready() {
  local server found
  read -r server _ <"$DIR/adopted"
  found=$(look) || die "$NAME: the adopted cluster $server $found"
  [[ -n $(kubectl --request-timeout=10s get volumesnapshotclasses -o name 2>/dev/null) ]] ||
    echo "testbed: $NAME: $server has no VolumeSnapshotClass: its volumes cannot be snapshotted" >&2
}

# look: says "Kubernetes vX, N nodes", or fails and says what is wrong.
look() {
  local out version
  out=$(kubectl --request-timeout=10s get --raw /version 2>&1) || {
    echo "does not answer: ${out##*$'\n'}"
    return 1
  }
  version=$(sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p' <<<"$out")
  out=$(kubectl --request-timeout=10s get nodes --no-headers 2>&1) || {
    echo "answers, but does not list its nodes to this user: ${out##*$'\n'}"
    return 1
  }
  awk -v version="$version" '
    $2 ~ /^(Not)?Ready/ { nodes++ }
    $2 ~ /^Ready/ { ready++ }
    END {
      if (!ready) { print "answers, but none of its " nodes + 0 " nodes is Ready"; exit 1 }
      print "Kubernetes " version ", " nodes (nodes == 1 ? " node" : " nodes") (ready < nodes ? ", " ready " Ready" : "")
    }' <<<"$out"
}

adopted_status() {
  local server
  read -r server _ <"$DIR/adopted"
  echo "$NAME: adopted: $server, $(look), KUBECONFIG=$DIR/kubeconfig"
}

# kind and k3d name their contexts so; elsewhere only a registry brings images to the nodes.
load_adopted() { # ARCHIVE...
  local server context tool=()
  read -r server context <"$DIR/adopted"
  archives_readable "$@"
  case $context in
    kind-*) tool=(kind load image-archive --name "${context#kind-}" "$@") ;;
    k3d-*) tool=(k3d image import --cluster "${context#k3d-}" "$@") ;;
  esac
  if ((${#tool[@]} == 0)); then
    echo "testbed: $NAME is an adopted cluster ($server): push the images to a registry that it reaches," \
      "or load them by its own tool (as 'kind load image-archive', 'k3d image import')" >&2
    exit "$not_ours_to_load"
  elif ! type -P "${tool[0]}" >/dev/null; then
    echo "testbed: $NAME is an adopted cluster of ${tool[0]}, which is not on PATH: put it there or run where it is:" \
      "${tool[*]}" >&2
    exit "$not_ours_to_load"
  fi
  "${tool[@]}" >&2 || die "$NAME: could not load $*: see above"
}
