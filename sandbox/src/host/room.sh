# The first process of the practice host: mounts the host's own root, and nothing else of the machine but its programs,
# which cannot be changed. It ends, and everything in it with it, when its input does.
set -e
root=$1 program=$2
# Its number outside, by the machine's own /proc, which is still there.
read -r number _ </proc/self/stat
mount --make-rprivate /
mount --rbind "$root" "$root"
for folder in usr bin sbin lib lib32 lib64 libx32 nix; do
  if [ -L "/$folder" ]; then ln -sfn "$(readlink "/$folder")" "$root/$folder"
  elif [ -d "/$folder" ]; then
    mkdir -p "$root/$folder"
    mount --rbind "/$folder" "$root/$folder"
    mount -o remount,bind,ro "$root/$folder"
  fi
done
if [ -d /etc/alternatives ]; then
  mkdir -p "$root/etc/alternatives"
  mount --bind /etc/alternatives "$root/etc/alternatives"
  mount -o remount,bind,ro "$root/etc/alternatives"
fi
: >"$root/practice/leaf"
mount --bind "$program" "$root/practice/leaf"
mount -o remount,bind,ro "$root/practice/leaf"
mount -t tmpfs -o mode=755 dev "$root/dev"
# What the commands read below /proc are files of the model; only what a process says of itself is the kernel's.
mkdir "$root/dev/proc"
mount -t proc -o ro,nosuid,nodev,noexec proc "$root/dev/proc"
for device in null zero full random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s proc/self/fd "$root/dev/fd"
ln -s proc/self/fd/0 "$root/dev/stdin"
ln -s proc/self/fd/1 "$root/dev/stdout"
ln -s proc/self/fd/2 "$root/dev/stderr"
ln -sfn ../dev/proc/self "$root/proc/self"
ln -sfn self/mounts "$root/proc/mounts"
mkdir -p "$root/old"
hostname gear-freak
cd "$root"
pivot_root . old
cd /
umount -l /old
rmdir /old
echo "ready $number"
exec cat >/dev/null
