# shellcheck shell=bash
# The host's disk: an ext4 file system of a stated size in a sparse file, so that it can really be filled, and so that
# the inner engine's storage is not an overlay on an overlay. What is deleted in it is given back to the machine (discard).

DISK_FILE=$BOX_DIR/disk.img
DISK_MOUNT=$BOX_DIR/disk
# The engine's folder is one below the mount: a container that starts (a machine rebooted) while nothing is mounted
# then fails instead of running on an empty folder.
DISK_DOCKER=$DISK_MOUNT/docker
DISK_SIZE=20G

disk_mounted() { mountpoint -q "$DISK_MOUNT"; }

disk_create() {
  disk_remove
  truncate -s "$DISK_SIZE" "$DISK_FILE"
  mkfs.ext4 -q -F -m 1 -L gear-freak "$DISK_FILE"
  disk_mount
  mkdir -m 0710 "$DISK_DOCKER"
}

disk_mount() {
  mkdir -p "$DISK_MOUNT"
  disk_mounted || mount -o loop,noatime,discard "$DISK_FILE" "$DISK_MOUNT"
}

# Unmounted first, and then every loop device that still holds the file (an earlier run that was killed) is detached.
disk_remove() {
  local device
  while disk_mounted; do umount "$DISK_MOUNT" || umount -l "$DISK_MOUNT"; done
  while read -r device; do losetup -d "$device" || true; done < <(losetup -n -O NAME -j "$DISK_FILE" 2>/dev/null)
  rm -f "$DISK_FILE"
}
