# shellcheck shell=bash
# A killed program is started again, and the pods go on.

pod steady busybox:1 "$asleep"
since=$(k get pod steady -o jsonpath='{.status.containerStatuses[0].state.running.startedAt}')
pid_of() { # PROGRAM
  # shellcheck disable=SC2016 # awk's $
  ip netns pids "tb-$name" | xargs ps -o pid=,args= -p | awk -v p="$1" '{ n = $2; sub(".*/", "", n) } n == p { print $1; exit }'
}
works() { # PROGRAM OLD_PID
  local i now
  for ((i = 0; i < 60; i++)); do
    now=$(pid_of "$1")
    [[ -n $now && $now != "$2" ]] &&
      k exec steady -- nslookup kubernetes.default.svc.cluster.local 2>/dev/null | grep -q 'Address: .*\.1\.1$' &&
      echo works && return
    sleep 0.5
  done
}
for program in etcd kube-apiserver kube-controller-manager kube-scheduler containerd kubelet kube-proxy coredns \
  csi-dir csi-provisioner csi-snapshotter snapshot-controller; do
  pid=$(pid_of $program)
  kill -KILL "$pid"
  start=$SECONDS
  check "$program is killed and comes back" works works $program "$pid"
  echo "   ($((SECONDS - start)) s)"
done
check "the pod went on" "$since 0" k get pod steady -o jsonpath='{.status.containerStatuses[0].state.running.startedAt} {.status.containerStatuses[0].restartCount}'
