#!/bin/bash
# The first process of a cluster's namespaces (testbed starts it): lays the
# mounts, then runs the control plane, the node, DNS and the CSI driver, each
# again whenever it ends. A test may kill any of them.
set -euo pipefail
here=$(dirname "$(dirname "$(readlink -f "$0")")")

pki=$DIR/pki
log=$DIR/log
csi_socket=/var/lib/kubelet/plugins/dir.csi.testbed/csi.sock

# Nothing of these mounts is seen outside, so the default paths are free.
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p "$DIR"/{log,kubelet,containerd,csi,etcd,cni} /var/lib/kubelet /run/lock
mount --bind "$DIR/log" /var/log
mount --bind "$DIR/kubelet" /var/lib/kubelet
hostname "$NAME"

# shellcheck source=../lib/cgroups.sh
. "$here/lib/cgroups.sh"
cgroups_make "$CGROUP"

sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1

# shellcheck source=config.sh
. "$here/node/config.sh"

run() { # PROGRAM ARG...
  basename "$1" >>"$DIR/programs"
  while true; do
    "$@" >>"$log/$(basename "$1").log" 2>&1 || true
    sleep 1
  done &
}

run "$BIN/etcd" --name "$NAME" --data-dir "$DIR/etcd" --log-level warn --unsafe-no-fsync \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
  --initial-cluster "$NAME=http://127.0.0.1:2380"

# The node's name resolves nowhere: kubelet is called by its address.
run "$BIN/kube-apiserver" --etcd-servers http://127.0.0.1:2379 \
  --advertise-address "$NODE_IP" --secure-port 6443 --service-cluster-ip-range "$SERVICE_CIDR" \
  --kubelet-preferred-address-types InternalIP \
  --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
  --client-ca-file "$pki/ca.crt" \
  --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
  --kubelet-certificate-authority "$pki/ca.crt" \
  --kubelet-client-certificate "$pki/admin.crt" --kubelet-client-key "$pki/admin.key" \
  --service-account-issuer https://kubernetes.default.svc.cluster.local \
  --service-account-key-file "$pki/service-account.key" \
  --service-account-signing-key-file "$pki/service-account.key"

run "$BIN/kube-controller-manager" --kubeconfig "$pki/controller-manager.kubeconfig" \
  --bind-address 127.0.0.1 --leader-elect=false --use-service-account-credentials \
  --root-ca-file "$pki/ca.crt" --service-account-private-key-file "$pki/service-account.key" \
  --cluster-signing-cert-file "$pki/ca.crt" --cluster-signing-key-file "$pki/ca.key"

run "$BIN/kube-scheduler" --kubeconfig "$pki/scheduler.kubeconfig" \
  --bind-address 127.0.0.1 --leader-elect=false

run containerd --config "$DIR/containerd.toml"

run "$BIN/kubelet" --config "$DIR/kubelet.yaml" --kubeconfig "$pki/kubelet.kubeconfig" \
  --hostname-override "$NAME" --node-ip "$NODE_IP"

run "$BIN/kube-proxy" --config "$DIR/proxy.yaml"

run "$BIN/coredns" -conf "$DIR/Corefile"

run "$BIN/csi-dir" --node "$NAME" --data "$DIR/csi"

# The sidecars' own limit of 5 requests a second would be most of what a test of many volumes waits for.
sidecar=(--kubeconfig "$pki/admin.kubeconfig" --retry-interval-max 5s --kube-api-qps 50 --kube-api-burst 100)

run "$BIN/csi-provisioner" --csi-address "$csi_socket" "${sidecar[@]}"

run "$BIN/csi-snapshotter" --csi-address "$csi_socket" "${sidecar[@]}"

run "$BIN/snapshot-controller" "${sidecar[@]}"

wait
