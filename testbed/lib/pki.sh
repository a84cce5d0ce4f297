# shellcheck shell=bash
# The certificates of a cluster and a kubeconfig for each of its programs.

pki() (
  mkdir -p "$DIR/pki"
  cd "$DIR/pki"
  openssl req -x509 -config "$here/config/openssl.cnf" -extensions ca -days 3650 -subj "/CN=$NAME" \
    -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt 2>/dev/null
  openssl ecparam -name prime256v1 -genkey -noout -out service-account.key
  local names=IP:$NODE_IP,IP:$API_IP,IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default
  cert apiserver kube-apiserver testbed "$names,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
  cert admin admin system:masters
  cert controller-manager system:kube-controller-manager testbed
  cert scheduler system:kube-scheduler testbed
  cert proxy system:kube-proxy testbed
  cert kubelet "system:node:$NAME" system:nodes "IP:$NODE_IP,DNS:$NAME"
  local user
  for user in admin controller-manager scheduler proxy kubelet; do kubeconfig $user; done
  cp admin.kubeconfig "$DIR/kubeconfig"
)

# cert FILE CN ORG [SAN]: a key and a certificate signed by the cluster's CA.
cert() {
  openssl req -x509 -config "$here/config/openssl.cnf" -CA ca.crt -CAkey ca.key -days 3650 \
    -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.crt" \
    -subj "/O=$3/CN=$2" ${4:+-addext "subjectAltName=$4"} 2>/dev/null
}

kubeconfig() { # USER: the kubeconfig of that user's certificate
  (umask 077 && cat >"$1.kubeconfig") <<YAML
apiVersion: v1
kind: Config
current-context: $NAME
contexts: [{name: $NAME, context: {cluster: $NAME, user: $1}}]
clusters:
- name: $NAME
  cluster:
    server: https://$NODE_IP:6443
    certificate-authority-data: $(base64 -w0 ca.crt)
users:
- name: $1
  user:
    client-certificate-data: $(base64 -w0 "$1.crt")
    client-key-data: $(base64 -w0 "$1.key")
YAML
}
