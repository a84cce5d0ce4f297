# shellcheck shell=bash
# A cluster's life. Its folder DIR holds all of it: keys, etcd, images, volumes,
# logs, and in bin/ links to what it was started with.

# describe NAME[@1.34]: sets the variables that describe a cluster; the node gets them too.
describe() {
  local n id
  case $1 in
    source | source@1.34) n=1 ;;
    dest | dest@1.34) n=2 ;;
    *) die "no cluster named '$1': it is source or dest, or one of them with @1.34" ;;
  esac
  export NAME=${1%@*} DIR=$state/${1%@*}
  id=tb-$NAME
  case $pair in
    1) ;;
    [234])
      n=$((n + 2 * (pair - 1))) id=tb-$NAME-$pair
      DIR=$state/pair-$pair/$NAME
      ;;
    *) die "GODWIT_TESTBED_PAIR=$pair: it is 1, 2, 3 or 4" ;;
  esac
  export CGROUP=$id BIN=$DIR/bin
  version=$kube_version cluster_parts=("${parts[@]}")
  [[ $1 != *@1.34 ]] || version=$kube_version_134 cluster_parts+=(kube_134)
  export HOST_IP=$host_ip NODE_IP=10.200.0.1$n
  export POD_CIDR=10.20$n.0.0/24 SERVICE_CIDR=10.20$n.1.0/24
  export API_IP=10.20$n.1.1 DNS_IP=10.20$n.1.10
  netns=$id
  routed=10.20$n.0.0/16
}

# The pid counts only if it is in the cluster's network: it may be another's by now.
running() { [[ -e $DIR/pid ]] && ip netns pids "$netns" 2>/dev/null | grep -x "$(<"$DIR/pid")" >/dev/null; }

in_running() { # NAME
  describe "$1"
  adopted && return
  require_root
  running || die "$NAME is not running: start it with 'testbed up $NAME'"
}

kubectl() { "$BIN/kubectl" --kubeconfig "$DIR/kubeconfig" "$@"; }

# in_node COMMAND...: run it in the cluster's namespaces, where its paths are. (Not
# with `ip netns exec`: that makes a mount namespace of its own.)
in_node() { nsenter --target "$(pgrep -P "$(<"$DIR/pid")")" --all "$@"; }

# until_ok SECONDS COMMAND...
until_ok() {
  local end=$((SECONDS + $1))
  shift
  until "$@" &>/dev/null; do
    running || die "$NAME: its first process ended: see $DIR/node.log"
    ((SECONDS < end)) || die "$NAME: gave up on: $* (logs: $DIR/log)"
    sleep 0.3
  done
}

# load ARCHIVE...: an image of a tag that is there already takes its place. Archives
# go in by stdin: the node does not see all of the host's folders.
load() {
  local archive
  archives_readable "$@"
  for archive; do
    in_node ctr -n k8s.io images import - <"$archive" >/dev/null || die "$NAME: could not load $archive"
  done
}

archives_readable() {
  local archive
  for archive; do [[ -r $archive ]] || die "no image archive $archive"; done
}

up() { # NAME
  describe "$1"
  if adopted; then
    adopted_ready
    echo "$NAME: adopted, KUBECONFIG=$DIR/kubeconfig"
    return
  fi
  mkdir -p "${DIR%/*}"
  exec 9>"$DIR.lock"
  flock 9
  if ! running; then
    start
  elif [[ $(<"$DIR/version") != "$version" ]]; then
    die "$NAME runs Kubernetes $(<"$DIR/version"), not $version: 'testbed down $NAME' first"
  fi
  [[ -e $DIR/ready ]] || finish
  echo "$NAME: ready, KUBECONFIG=$DIR/kubeconfig"
}

start() {
  remains_remove # of a cluster whose first process was killed
  mkdir -p "$BIN"
  local part built
  for part in "${cluster_parts[@]}"; do # kube_134 takes the place of some of kube's programs
    built=$(part_dir "$part")
    ln -sf "$built"/* "$BIN/"
  done
  echo "$version" >"$DIR/version"
  network_up
  pki
  # The cluster is a PID namespace: when its first process dies, all of it does,
  # the containers and the mounts included.
  setsid nsenter --net="/run/netns/$netns" \
    unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc \
    bash "$here/node/init.sh" >"$DIR/node.log" 2>&1 </dev/null 9>&- &
  echo $! >"$DIR/pid"
  sleep 0.1 # until it is in its network
}

finish() {
  until_ok 60 in_node ctr version
  load "$BIN"/{pause,busybox,node,postgres}.tar
  until_ok 120 kubectl get --raw /readyz
  until_ok 30 kubectl apply -f "$BIN/snapshot-crds.yaml" -f "$here/config/storage.yaml" -f "$DIR/dns.yaml"
  until_ok 120 kubectl wait --for=condition=Ready "node/$NAME" --timeout=0
  until_ok 60 kubectl -n default get serviceaccount default
  until_ok 60 csi_ready
  until_ok 60 in_node bash -c "$dns_ready"
  touch "$DIR/ready"
}

dns_ready='exec 3<>/dev/tcp/127.0.0.1/8181; printf "GET /ready HTTP/1.0\r\n\r\n" >&3; grep -q "200 OK" <&3'

csi_ready() { kubectl get csinode "$NAME" -o jsonpath='{.spec.drivers[*].name}' | grep -q .; }

down() { # NAME
  describe "$1"
  if adopted; then
    rm -rf "$DIR"
    echo "$NAME: forgotten; the cluster itself was not touched"
    return
  fi
  mkdir -p "${DIR%/*}"
  exec 9>"$DIR.lock"
  flock 9
  if running; then
    kill -KILL "$(<"$DIR/pid")"
    while [[ -n $(ip netns pids "$netns") ]]; do sleep 0.1; done
  fi
  remains_remove
}

# What outlives the processes of a cluster.
remains_remove() {
  nobody_elses
  detach_loops
  cgroups_remove "$CGROUP"
  network_down
  rm -rf "$DIR"
}

# Networks and cgroups are named by the cluster only, so one that another state folder
# knows must not lose them. Processes of our own, killed just now, end in a moment.
nobody_elses() {
  local end=$((SECONDS + 5))
  while [[ -n $(ip netns pids "$netns" 2>/dev/null) ]]; do
    ((SECONDS < end)) || die "a cluster $NAME runs that $state does not know: use the GODWIT_TESTBED_STATE it was started with"
    sleep 0.1
  done
}

# Loop devices outlive the processes that made them. kubelet holds each block
# volume by a second device, whose backing file is the driver's device node; its
# path is unknown once the cluster's mounts are gone, so it is found by inode.
detach_loops() {
  local dev file
  losetup --list --noheadings --output NAME,BACK-FILE | while read -r dev file _; do
    [[ $file == "$DIR"/* ]] || continue
    losetup --list --noheadings --output NAME,BACK-MAJ:MIN,BACK-INO |
      awk -v node="$(stat -c '%Hd:%Ld %i' "$dev")" '$2 " " $3 == node { print $1 }' |
      xargs --no-run-if-empty losetup --detach
    losetup --detach "$dev"
  done
}

status() {
  local name ended
  for name in source dest; do
    describe $name
    if adopted; then
      adopted_status
      continue
    fi
    [[ ! -e $DIR/pid ]] || require_root
    if ! running; then
      echo "$name: not running"
      continue
    fi
    echo "$name: running, KUBECONFIG=$DIR/kubeconfig, logs in $DIR/log"
    ended=$(ended_programs)
    [[ -z $ended ]] || echo "  not running at this moment: $ended"
    kubectl get nodes --no-headers 2>&1 | sed 's/^/  /'
  done
}

# The node's programs that have no process: node/init.sh starts them again in a second.
ended_programs() {
  local program pids
  pids=$(ip netns pids "$netns" | paste -sd,)
  while read -r program; do
    ps -o args= -p "$pids" | grep -q "^[^ ]*$program " || echo -n "$program "
  done <"$DIR/programs"
}
