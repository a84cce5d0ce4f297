# shellcheck shell=bash
# The host and all clusters are on one bridge. A cluster is one network namespace,
# its node; the host has routes to its pods and services.

bridge=tb0
host_ip=10.200.0.1 # where pods find what listens on the host

bridge_up() {
  ip link show "$bridge" &>/dev/null && return
  ip link add "$bridge" type bridge
  ip addr add "$host_ip/24" dev "$bridge"
  ip link set "$bridge" up
}

bridge_down() { # when no cluster is on it
  [[ -n $(ip -br link show master "$bridge" 2>/dev/null) ]] || ip link del "$bridge" 2>/dev/null || true
}

network_up() {
  ip netns add "$netns"
  ip link add "$netns" type veth peer name eth0 netns "$netns"
  ip link set "$netns" master "$bridge" up
  ip -n "$netns" link set lo up
  ip -n "$netns" addr add "$NODE_IP/24" dev eth0
  ip -n "$netns" link set eth0 up
  ip -n "$netns" route add default via "$host_ip"
  ip route replace "$routed" via "$NODE_IP"
}

network_down() {
  ip route del "$routed" 2>/dev/null || true
  ip link del "$netns" 2>/dev/null || true
  ip netns del "$netns" 2>/dev/null || true
}
