# shellcheck shell=bash
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

packages=(containerd runc containernetworking-plugins iptables iproute2 procps util-linux openssl)

install_packages() {
  local package missing=()
  for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) == ii* ]] || missing+=("$package")
  done
  ((${#missing[@]} > 0)) || return 0
  echo "testbed: installing Debian packages: ${missing[*]}" >&2
  apt_update
  # --no-remove: never at the cost of what is there, a container engine's own containerd say.
  DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends --no-remove "${missing[@]}" >&2 ||
    die "apt-get could not install ${missing[*]}: see above"
}

apt_update() { apt-get update -qq >&2 || die "apt-get update failed: see above"; }

# Only asked for when something must be compiled.
require_go() {
  local cure='install Go 1.26 or newer (https://go.dev/dl/) and put it first on PATH'
  command -v go >/dev/null || unfit "Kubernetes is built from source, and there is no go: $cure"
  local version # asked where go.mod is: a toolchain that go may download by itself counts
  version=$(cd "$here/kube" && go env GOVERSION 2>/dev/null) || version=$(GOTOOLCHAIN=local go env GOVERSION)
  [[ $version =~ ^go1\.([0-9]+) ]] || unfit "cannot tell the version of $(command -v go): $cure"
  ((BASH_REMATCH[1] >= 26)) || unfit "$version is too old, kube/go.mod asks for 1.26: $cure"
}

require_node() {
  [[ -x $node_binary ]] ||
    die "no Node.js 24 at $node_binary (it goes into the image node:24): run 'npm ci' in the repository first"
}
