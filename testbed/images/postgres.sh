# The image postgres:15-debian: PostgreSQL of Debian's packages on busybox.
# shellcheck shell=bash

pg_lib=usr/lib/postgresql/15
pg_share=usr/share/postgresql/15

postgres_image() { # the archive, on stdout
  local debian rootfs
  debian=$(mktemp -d)
  apt_update
  rootfs=$(rootfs_new)
  postgres_packages "$debian"
  postgres_files "$debian" "$rootfs"
  postgres_user "$rootfs"
  install -m 755 "$here/images/postgres-entrypoint.sh" "$rootfs/usr/bin/docker-entrypoint.sh"
  IMAGE_USER=999:999 IMAGE_ENTRYPOINT=docker-entrypoint.sh \
    IMAGE_ENV='PGDATA=/var/lib/postgresql/data/pgdata LANG=C.UTF-8' \
    image postgres:15-debian "$rootfs" postgres
  rm -rf "$debian" "$rootfs"
}

# postgres_packages DIR: unpacks the server and all it depends on there. With an
# empty record of what is installed apt leaves nothing out, whatever this machine has.
postgres_packages() {
  local apt deb
  apt=$(mktemp -d)
  mkdir -p "$apt/archives/partial"
  touch "$apt/status"
  apt-get install -qqy --no-install-recommends --download-only -o Dir::State::status="$apt/status" \
    -o Dir::Cache::archives="$apt/archives" -o APT::Sandbox::User=root postgresql-15 >&2 ||
    die "apt-get has no package postgresql-15 (Debian 12 has it): see above"
  for deb in "$apt"/archives/*.deb; do dpkg-deb -x "$deb" "$1"; done
  rm -rf "$apt"
  # Packages hold files of /lib and /bin either there or below /usr.
  local dir
  for dir in lib lib64 bin sbin; do
    [[ ! -d $1/$dir ]] || cp -a "$1/$dir/." "$1/usr/$dir/"
    rm -rf "${1:?}/$dir"
    ln -s "usr/$dir" "$1/$dir"
  done
}

# postgres_files DEBIAN ROOTFS: without JIT, whose LLVM would be half of the image;
# PostgreSQL does without when the library is not there.
postgres_files() {
  local debian=$1 rootfs=$2 file lib
  mkdir -p "$rootfs/$pg_lib" "$rootfs/$pg_share" "$rootfs"/usr/{bin,lib/locale,share}
  cp -a "$debian/$pg_lib/." "$rootfs/$pg_lib"
  rm -rf "$rootfs/$pg_lib"/lib/{bitcode,pgxs,llvmjit*}
  cp -a "$debian/$pg_share/." "$rootfs/$pg_share"
  rm -rf "$rootfs/$pg_share/man"
  cp -a "$debian/usr/share/zoneinfo" "$rootfs/usr/share/"
  cp -a "$debian/usr/lib/locale/C.utf8" "$rootfs/usr/lib/locale/"
  cp "$debian/usr/bin/locale" "$rootfs/usr/bin/"
  for file in "$rootfs/$pg_lib"/bin/*; do ln -s "/$pg_lib/bin/${file##*/}" "$rootfs/usr/bin/"; done
  for lib in $(postgres_libraries "$debian"); do install -D "$debian$lib" "$rootfs$lib"; done
}

# The shared libraries of all programs and extensions, as the dynamic loader of the
# unpacked packages finds them.
postgres_libraries() { # DEBIAN
  local file
  for file in "$1/usr/bin/locale" "$1/$pg_lib"/bin/* "$1/$pg_lib"/lib/*.so; do
    [[ $file != */llvmjit* ]] || continue
    chroot "$1" /lib64/ld-linux-x86-64.so.2 --list "${file#"$1"}" 2>/dev/null
  done | grep -oE '/[^ ]+\.so[^ ]*' | sort -u
}

postgres_user() { # ROOTFS
  echo 'postgres:x:999:999:postgres:/var/lib/postgresql:/bin/sh' >>"$1/etc/passwd"
  echo 'postgres:x:999:' >>"$1/etc/group"
  # Owned by root as all of the image, so others must be let in.
  mkdir -p "$1/var/run/postgresql" "$1/var/lib/postgresql/data" "$1/docker-entrypoint-initdb.d"
  chmod 1777 "$1/var/run/postgresql" "$1/var/lib/postgresql" "$1/var/lib/postgresql/data"
}
