# shellcheck shell=bash
# Each cluster has a cgroup /tb-NAME, or /tb-NAME-PAIR (in every hierarchy, with v1) below which
# kubelet puts the pods. Sourced by the node too.

# v1, v2, or neither.
cgroups_layout() {
  case $(stat -fc %T /sys/fs/cgroup 2>/dev/null) in
    cgroup2fs) echo v2 ;;
    tmpfs) echo v1 ;;
    *) echo neither ;;
  esac
}

cgroups_require() {
  local missing=() controller
  case $(cgroups_layout) in
    v1)
      for controller in cpu cpuacct cpuset memory pids devices freezer blkio; do
        [[ -e /sys/fs/cgroup/$controller/cgroup.procs ]] || missing+=("$controller")
      done
      ;;
    v2)
      for controller in cpu cpuset memory pids; do
        grep -qw "$controller" /sys/fs/cgroup/cgroup.controllers || missing+=("$controller")
      done
      ;;
    neither) unfit "no cgroups at /sys/fs/cgroup: mount cgroup v2 (or all v1 hierarchies) there" ;;
  esac
  ((${#missing[@]} == 0)) ||
    unfit "cgroups $(cgroups_layout) without the controllers ${missing[*]}: kubelet needs them (in a container, run it with the host's cgroup namespace and a writable /sys/fs/cgroup)"
}

cgroups_make() { # CGROUP
  local hierarchy file
  if [[ $(cgroups_layout) == v2 ]]; then
    mkdir -p "/sys/fs/cgroup/$1"
    for hierarchy in /sys/fs/cgroup "/sys/fs/cgroup/$1"; do
      sed 's/[^ ]*/+&/g' "$hierarchy/cgroup.controllers" >"$hierarchy/cgroup.subtree_control"
    done
    return
  fi
  for hierarchy in /sys/fs/cgroup/*/; do
    # The v2 hierarchy of a hybrid layout has no controllers, and nobody looks there.
    [[ -e $hierarchy/cgroup.controllers ]] || mkdir -p "$hierarchy$1"
  done
  # A new cpuset has no CPUs until they are written to it.
  for file in cpuset.cpus cpuset.mems; do
    cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$1/$file"
  done
}

cgroups_remove() { # CGROUP
  local dir try
  for dir in /sys/fs/cgroup/"$1" /sys/fs/cgroup/*/"$1"; do
    [[ -d $dir ]] || continue
    for try in {1..20}; do # the kernel lets go of the last process a moment after its death
      find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null && break
      ((try < 20)) || die "cgroup $dir is still in use"
      sleep 0.1
    done
  done
}
