# shellcheck shell=bash
# Services, DNS, the host, and the API from within a pod.

pod web busybox:1 'command: [sh, -c, "mkdir /web && echo hello >/web/a && echo started && httpd -f -p 8080 -h /web"]'
pod client node:24 "$asleep"
k expose pod web --port=80 --target-port=8080 >/dev/null
ip=$(k get service web -o jsonpath='{.spec.clusterIP}')

fetch() { echo "fetch('$1').then((r) => r.text()).then(console.log, (e) => console.log(e.cause))"; }
in_pod() { k exec client -- node -e "$1"; }
until in_pod "$(fetch "http://$ip/a")" | grep -q hello; do ((SECONDS < 30)) || break; done

check "kubectl logs" started k logs web
check "kubectl exec" hello k exec web -- cat /web/a
check "a pod reaches a ClusterIP" hello in_pod "$(fetch "http://$ip/a")"
check "the host reaches a ClusterIP" hello "$node" -e "$(fetch "http://$ip/a")"
for host in web web.$ns web.$ns.svc web.$ns.svc.cluster.local; do
  check "DNS: a pod reaches http://$host" hello in_pod "$(fetch "http://$host/a")"
done
check "DNS: the name of an address" "web.$ns.svc.cluster.local" in_pod "require('dns').reverse('$ip', (e, a) => console.log(e, a))"
check "DNS: any other name is unknown, at once" ENOTFOUND in_pod "
  setTimeout(process.exit, 2000).unref();
  require('dns').lookup('example.org', (e) => console.log(e.code))"

exec {port_file}< <("$node" -e "
  const server = require('http').createServer((_, r) => r.end('from the host'));
  server.listen(0, '10.200.0.1', () => console.log(server.address().port));
  setTimeout(process.exit, 20000)")
server=$!
read -r -u "$port_file" port
check "a pod reaches the host's address" "from the host" in_pod "$(fetch "http://10.200.0.1:$port/")"
check "a pod reaches the host by name" "from the host" in_pod "$(fetch "http://host.testbed:$port/")"
kill "$server"

# The API by its DNS name, with the pod's own token.
api="
  const { readFileSync } = require('fs');
  const dir = '/var/run/secrets/kubernetes.io/serviceaccount/';
  require('https').get({
    host: 'kubernetes.default.svc', path: '/api/v1/namespaces/$ns/pods',
    ca: readFileSync(dir + 'ca.crt'), headers: { authorization: 'Bearer ' + readFileSync(dir + 'token') },
  }, (r) => { console.log(r.statusCode); r.resume(); })"
check "the API refuses a ServiceAccount without a role" 403 in_pod "$api"
k create rolebinding view --clusterrole=view --serviceaccount="$ns:default" >/dev/null
sleep 1
check "... and serves it with one" 200 in_pod "$api"
