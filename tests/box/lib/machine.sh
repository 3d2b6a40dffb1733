# shellcheck shell=bash
# The container that is a machine.

MACHINE_CAPS=(
  SYS_ADMIN NET_ADMIN NET_RAW SYS_CHROOT SYS_PTRACE SYS_BOOT SYS_NICE SYS_TIME MKNOD SETFCAP AUDIT_CONTROL AUDIT_WRITE
  AUDIT_READ SYSLOG LEASE IPC_LOCK LINUX_IMMUTABLE DAC_READ_SEARCH SYS_RAWIO SYS_PACCT SYS_TTY_CONFIG WAKE_ALARM
  BLOCK_SUSPEND MAC_ADMIN MAC_OVERRIDE IPC_OWNER NET_BROADCAST
)

# systemd wants a cgroup tree it can write. With version 1 the machine's own is shared (the inner engine's containers
# then appear beside the outer ones'); with version 2 the container has one of its own.
machine_privileges() {
  if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
    printf '%s\n' --privileged --cgroupns=private
    return
  fi
  # Not --privileged: where a capability is missing on the machine itself, that fails as a whole.
  printf '%s\n' --cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:rw --device-cgroup-rule 'a *:* rwm' \
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined
  printf -- '--cap-add=%s\n' "${MACHINE_CAPS[@]}"
}

machine_create() {
  local ssh_port=$1 https_port=$2 privileges
  mapfile -t privileges < <(machine_privileges)
  disk_create
  docker run -d --name "$BOX_NAME" --hostname gear-freak --restart unless-stopped "${privileges[@]}" \
    --sysctl net.ipv4.ip_forward=1 \
    --tmpfs /run --tmpfs /run/lock --tmpfs /tmp \
    --mount "type=bind,source=$DISK_DOCKER,target=/var/lib/docker" \
    -p "127.0.0.1:$ssh_port:22" -p "127.0.0.1:$https_port:443" \
    --label "box.services=$(services_hash)" "$(host_tag)"
  drop_other_tags "$BOX_NAME/host" "$(host_tag)"
}

machine_remove() {
  docker rm -f -v "$BOX_NAME" >/dev/null 2>&1 || true
  disk_remove
}

# Is the container that is there made of what is here now?
machine_current() {
  [[ -f $DISK_FILE && $(machine_image) == "$(host_tag)" && $(machine_services) == "$(services_hash)" ]]
}
machine_image() { docker inspect --format '{{.Config.Image}}' "$BOX_NAME" 2>/dev/null; }
# The services' images that are in it, or are to be.
machine_services() { docker inspect --format '{{index .Config.Labels "box.services"}}' "$BOX_NAME" 2>/dev/null; }

# The port that the container publishes for one of its own; it is a fact of the container, asked there.
machine_port() { docker inspect --format "{{(index (index .HostConfig.PortBindings \"$1/tcp\") 0).HostPort}}" "$BOX_NAME" 2>/dev/null; }

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port WANTED: that one, or the next that nobody listens on.
free_port() {
  local port
  for ((port = $1; port < $1 + 200; port++)); do
    if ! port_taken "$port"; then
      echo "$port"
      return
    fi
  done
  echo "no free port between $1 and $port" >&2
  return 1
}

# From whatever it is to a running one.
machine_start() {
  disk_mount
  case $(box_state) in
    running) ;;
    paused) docker unpause "$BOX_NAME" ;;
    restarting) docker restart "$BOX_NAME" ;;
    *) docker start "$BOX_NAME" ;;
  esac
}
