#!/bin/sh
# Makes one of everything that a Linux file system keeps, in the present directory. Needs root, and a file system with ACLs and
# extended attributes.
set -eu
umask 022

mkdir -p plain/deep/er empty lost+found plain/lost+found
echo 'not content' >lost+found/of-this-file-system
echo small >plain/small
: >plain/nothing
head -c 700000 /dev/urandom >plain/random
head -c 9000001 /dev/urandom >plain/large
head -c 3000000 /dev/zero >plain/zeros

# Holes: before, between and behind data; nothing but a hole; many.
truncate -s 1T plain/sparse
printf data | dd of=plain/sparse bs=1 seek=5000000000 conv=notrunc status=none
head -c 300000 /dev/urandom | dd of=plain/sparse bs=4096 seek=200000000 conv=notrunc status=none
truncate -s 123456789 plain/hole
truncate -s 4M plain/comb
for at in 1 3 5 7 11 13 200 202 500; do printf x | dd of=plain/comb bs=4096 seek=$at conv=notrunc status=none; done
head -c 262144 /dev/urandom >plain/punched
fallocate -p -o 8192 -l 16384 plain/punched

# Links of all that may have several names.
ln plain/small another-name
ln plain/small plain/deep/er/third-name
ln plain/large plain/deep/large-too
ln -s plain/small link
ln link link-too
ln -s nowhere/at/all dangling
ln -s /etc/passwd absolute
ln -s plain to-directory
ln -s "$(head -c 4000 /dev/zero | tr '\0' t)" long-target
mkfifo -m 620 fifo
ln fifo plain/fifo-too
mknod character c 1 3
mknod block b 7 250
mknod large-numbers c 4000 1000000

# Names.
mkdir names
cd names
printf x >"$(printf 'f\377\376\200')"
printf x >"$(printf 'line\nfeed')"
printf x >' spaces "quotes" $HOME \ * ? ~ '
printf x >'ünïcødé-名前'
printf x >-rf
printf x >"$(printf '\001\033[31m')"
printf x >"$(head -c 255 /dev/zero | tr '\0' n)"
mkdir "$(head -c 255 /dev/zero | tr '\0' d)"
cd ..

# Owners and modes.
mkdir modes
for mode in 0000 0400 0777 1777 2755 4755 6711 7000; do
  printf x >modes/file-$mode
  mkdir modes/directory-$mode
  printf x >modes/directory-$mode/inner
  chown 4000000000:70000 modes/file-$mode modes/directory-$mode
  chmod $mode modes/file-$mode modes/directory-$mode
done
chown -h 5:6 dangling
chown 7:8 fifo character

# Attributes.
mkdir attributes
printf x >attributes/file
mkdir attributes/directory
for path in attributes/file attributes/directory; do
  setfattr -n user.text -v 'some text' $path
  setfattr -n user.empty $path
  setfattr -n user.binary -v 0x00ff0a0022 $path
  setfattr -n user.long -v "0x$(head -c 3000 /dev/urandom | od -An -v -tx1 | tr -d ' \n')" $path
done
# Only root of the machine itself, not of a container, has these.
if setfattr -n trusted.of-root -v x attributes/file 2>/dev/null; then
  setfattr -n trusted.of-root -v x attributes/directory
  setfattr -h -n trusted.of-link -v x link
fi

# ACLs.
mkdir acls acls/inherits
printf x >acls/file
setfacl -m u:1234:rw,g:70000:r,m::rw acls/file
printf x >acls/mask
setfacl -m u:1234:rwx,m::r acls/mask
setfacl -d -m u:1234:rwx,g:99:rx,o::- acls/inherits
mkdir acls/inherits/has
printf x >acls/inherits/has-file
mkdir acls/inherits/none
printf x >acls/inherits/none-file
mkfifo acls/inherits/none-fifo
setfacl -b -k acls/inherits/none acls/inherits/none-file acls/inherits/none-fifo
chmod 600 acls/inherits/none-file

# Capabilities.
mkdir capabilities
printf x >capabilities/file
chown 33:33 capabilities/file
setcap cap_net_bind_service,cap_net_raw+ep capabilities/file

# Times, directories last and from below.
touch -d '@1700000000.123456789' plain/small
touch -d '@-86400.000000001' plain/nothing
touch -d '@-1.5' plain/random
touch -d '@0' plain/zeros
touch -d '@4294967297.999999999' plain/large
touch -h -d '@1000000000.987654321' absolute
touch -d '@1500000000.000000001' fifo character
find . -depth -type d -exec touch -d '@1234567890.111222333' {} +
chmod 2771 .
chown 1000:2000 .
touch -d '@1600000000.5' .
