# shellcheck shell=bash
# Volumes of both modes, snapshots, and snapshots that misbehave.

snapshot() { # NAME CLASS PVC
  k apply -f - >/dev/null <<YAML
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: {name: $1}
spec: {volumeSnapshotClassName: $2, source: {persistentVolumeClaimName: $3}}
YAML
}
snapshot_until() { # NAME JSONPATH SECONDS
  k wait --for=jsonpath="$2" "volumesnapshot/$1" --timeout="$3s"
}

claim data standard
pod writer busybox:1 "$asleep, $mounted" data
k exec writer -- sh -c 'mkdir /data/d; echo hello >/data/d/a; head -c 1000000 /dev/urandom >/data/b; ln -s d/a /data/link; chown 1000:1000 /data/b'
sum=$(k exec writer -- md5sum /data/b)
check "a volume of class standard" hello k exec writer -- cat /data/d/a

snapshot one standard data
check "its snapshot is readyToUse" "condition met" snapshot_until one '{.status.readyToUse}=true' 30
k exec writer -- sh -c 'echo changed >/data/d/a'
claim copy fast Filesystem one
check "class fast waits for a consumer" Pending k get pvc copy
pod reader busybox:1 "$asleep, $mounted" copy
check "the volume from the snapshot holds the old data" hello k exec reader -- cat /data/link
check "... the same bytes" "$sum" k exec reader -- md5sum /data/b
check "... the same owner" "1000 1000" k exec reader -- stat -c '%u %g' /data/b

claim tier archive-tier
pod tier busybox:1 "$asleep, $mounted" tier
check "a volume of class archive-tier" Bound k get pvc tier

claim disk standard Block
disk='volumeDevices: [{name: data, devicePath: /dev/disk}]'
pod disk busybox:1 "$asleep, $disk" disk
k exec disk -- sh -c 'echo raw-block-data | dd of=/dev/disk bs=512 conv=notrunc,fsync' &>/dev/null
check "a Block volume" raw-block-data k exec disk -- head -c 14 /dev/disk
check "... has the size that was asked" 67108864 k exec disk -- blockdev --getsize64 /dev/disk
snapshot disk standard disk
claim disk2 standard Block disk
pod disk2 busybox:1 "$asleep, $disk" disk2
check "... and so has its snapshot's" raw-block-data k exec disk2 -- head -c 14 /dev/disk

snapshot broken broken data
snapshot slow slow data
snapshot retained retain data
check "class retain: ready" "condition met" snapshot_until retained '{.status.readyToUse}=true' 20
content=$(k get volumesnapshot retained -o jsonpath='{.status.boundVolumeSnapshotContentName}')
k delete volumesnapshot retained >/dev/null
check "... and still there when the VolumeSnapshot is not" Retain k get volumesnapshotcontent "$content" -o jsonpath='{.spec.deletionPolicy}'
k patch volumesnapshotcontent "$content" --type=merge -p '{"spec":{"deletionPolicy":"Delete"}}' >/dev/null
check "... until its content is deleted" deleted k delete volumesnapshotcontent "$content" --timeout=30s
check "class broken: its error is in the status" "on fire" k wait --for=jsonpath='{.status.error.message}' volumesnapshot/broken --timeout=20s -o jsonpath='{.status.error.message}'
check "class slow: not ready at first" "condition met" snapshot_until slow '{.status.readyToUse}=false' 20
check "class slow: ready after its delay" "condition met" snapshot_until slow '{.status.readyToUse}=true' 60
k delete volumesnapshot --all >/dev/null
