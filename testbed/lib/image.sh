# shellcheck shell=bash
# Images without a container engine: a folder becomes an archive of one layer in
# the format of docker save.

# image TAG ROOTFS CMD...: on stdout. IMAGE_USER, IMAGE_ENV (NAME=VALUE words) and
# IMAGE_ENTRYPOINT may be set.
image() {
  local tag=$1 rootfs=$2 dir
  shift 2
  [[ -d $rootfs ]] || die "no folder $rootfs to make an image of"
  [[ $(stat -c %a "$rootfs") == 755 ]] ||
    die "$rootfs is the root folder of the image and must have mode 755, else only root may enter it"
  dir=$(mktemp -d)
  tar -C "$rootfs" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$dir/layer.tar" .
  local path=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  # shellcheck disable=SC2086 # words are meant
  cat >"$dir/config.json" <<JSON
{"architecture":"amd64","os":"linux",
 "config":{"User":"${IMAGE_USER:-}","Env":$(json_words "$path" ${IMAGE_ENV:-}),
  "Entrypoint":$(json_words ${IMAGE_ENTRYPOINT:-}),"Cmd":$(json_words "$@")},
 "rootfs":{"type":"layers","diff_ids":["sha256:$(sha256sum "$dir/layer.tar" | cut -d' ' -f1)"]}}
JSON
  echo "[{\"Config\":\"config.json\",\"RepoTags\":[\"$tag\"],\"Layers\":[\"layer.tar\"]}]" >"$dir/manifest.json"
  tar -C "$dir" -cf - manifest.json config.json layer.tar
  rm -rf "$dir"
}

json_words() { # a JSON array of its arguments
  local word words=()
  for word; do
    word=${word//\\/\\\\}
    words+=("\"${word//\"/\\\"}\"")
  done
  local IFS=,
  echo "[${words[*]}]"
}

rootfs_new() { # a folder with busybox (Debian's static one), on stdout
  local rootfs applet dir
  rootfs=$(mktemp -d)
  chmod 755 "$rootfs"
  mkdir -p "$rootfs"/{bin,tmp,etc,root}
  chmod 1777 "$rootfs/tmp"
  echo 'root:x:0:0:root:/root:/bin/sh' >"$rootfs/etc/passwd"
  echo 'root:x:0:' >"$rootfs/etc/group"
  dir=$(mktemp -d)
  (cd "$dir" && apt-get download -qq -o APT::Sandbox::User=root busybox-static >&2 && dpkg-deb -x ./*.deb .) ||
    die "apt-get could not download busybox-static: see above"
  cp "$dir/bin/busybox" "$rootfs/bin/"
  rm -rf "$dir"
  for applet in $("$rootfs/bin/busybox" --list | grep -vx busybox); do ln -s busybox "$rootfs/bin/$applet"; done
  echo "$rootfs"
}
