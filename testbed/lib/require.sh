# shellcheck shell=bash disable=SC2154,SC2034 # sourced by testbed, whose variables it has
# What the machine must be. Each message names what was found and the cure.
# Exit code 3: this machine cannot run the test bed; 1: something failed.

die() {
  echo "testbed: $*" >&2
  exit 1
}

unfit() {
  echo "testbed: $*" >&2
  exit 3
}

require_root() {
  [[ $(uname -s) == Linux ]] ||
    unfit "clusters are made of Linux namespaces and this is $(uname -s): use a Linux machine or VM"
  ((EUID == 0)) || unfit "needs root (namespaces, mounts, cgroups), and this is $(id -un): run it with sudo"
}

require_host() {
  require_root
  [[ $(uname -m) == x86_64 ]] || unfit "the images are made for x86_64, this machine is $(uname -m)"
  command -v apt-get dpkg-query dpkg-deb >/dev/null ||
    unfit "needs Debian 12 (containerd, runc and PostgreSQL come as its packages): no apt-get here"
  cgroups_require
  install_packages
  # Where they are modules and not loaded yet; where they are built in, there is nothing to do.
  modprobe -qa br_netfilter overlay loop 2>/dev/null || true
}

packages=(containerd runc containernetworking-plugins busybox-static iptables
  iproute2 procps util-linux openssl)

install_packages() {
  dpkg-query -W -f '${db:Status-Abbrev}\n' "${packages[@]}" 2>/dev/null | grep -vq '^ii' ||
    { dpkg-query -W "${packages[@]}" &>/dev/null && return; }
  echo "testbed: installing Debian packages: ${packages[*]}" >&2
  apt-get update -q >&2
  # A service started by its package would be a second containerd; ours run in the clusters.
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}" >&2 ||
    die "apt-get could not install them: see above"
}

# Only asked for when something must be compiled.
require_go() {
  local cure='install Go 1.26 or newer (https://go.dev/dl/) and put it first on PATH'
  command -v go >/dev/null || unfit "Kubernetes is built from source, and there is no go: $cure"
  local version # go itself reads go.mod, so a toolchain that it may download counts
  version=$(cd "$here/kube" && go env GOVERSION 2>&1) && [[ $version == go1.* || $version == go2.* ]] ||
    unfit "$(go version) is too old, go.mod asks for 1.26: $cure"
  local minor=${version#go1.}
  ((${minor%%[.a-z]*} >= 26)) || unfit "$version is too old: $cure"
}

require_node() {
  [[ -x $node_binary ]] ||
    die "no Node.js 24 at $node_binary (it goes into the image node:24): run 'npm ci' in the repository first"
}
