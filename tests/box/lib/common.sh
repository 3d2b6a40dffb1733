# shellcheck shell=bash
# shellcheck disable=SC2034 # most of what is set here is used in the other files
# Paths, settings and the few things every script of the box needs.
# Sourced by the scripts beside this folder, after `set -euo pipefail`.

BOX_SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BOX_OUT=$(cd "$BOX_SRC/../.." && pwd)/target/box

# Everything that lives longer than one run: caches, keys, the disk, logs. The container is named after this folder,
# so BOX_DIR=/var/tmp/other tests/box/up makes a second box beside the first.
BOX_DIR=${BOX_DIR:-/var/tmp/signoff-box}
BOX_NAME=$(basename "$BOX_DIR")
BOX_LOGS=$BOX_DIR/logs

BOX_SITES=(api.gear-freaks.com insights.gear-freaks.com app.gear-freaks.com)
BOX_SERVICES=(serverpod postgres redis)
BOX_USER=ec2-user

# load NAME...: what else a script needs of this folder.
load() {
  local name
  for name in "$@"; do
    # shellcheck source=/dev/null
    . "$BOX_SRC/lib/$name.sh"
  done
}
load say

# The box's only engine is the one on this machine: a loop-mounted disk cannot be given to any other.
export DOCKER_HOST=unix:///var/run/docker.sock
unset DOCKER_CONTEXT DOCKER_TLS_VERIFY

# Debian's own client first: a newer one elsewhere in PATH may refuse to talk to Debian's engine.
docker() {
  if [[ -x /usr/bin/docker ]]; then /usr/bin/docker "$@"; else command docker "$@"; fi
}

# Root is needed for the disk, the engine and the base images. With passwordless sudo (as in CI) it is taken unasked.
need_root() {
  [[ $EUID -eq 0 ]] && return
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    exec sudo -n --preserve-env=BOX_DIR,BOX_SSH_PORT,BOX_HTTPS_PORT "$0" "$@"
  fi
  die "this needs root (a loop mount, a Docker engine, base images): sudo $0 $*"
}

# One at a time for whatever changes the box. Descriptor 9 holds the lock; what outlives us must close it.
lock() {
  mkdir -p "$BOX_DIR" "$BOX_LOGS"
  chmod 0711 "$BOX_DIR"
  exec 9>"$BOX_DIR/lock"
  flock -n 9 && return
  note "another script is changing the box: waiting for it"
  flock -w 1200 9 || die "waited 20 minutes for the other script: look at $BOX_DIR/lock (fuser -v tells who holds it)"
}

# In the host, as root, with no terminal and no input.
in_box() { docker exec "$BOX_NAME" "$@" </dev/null; }

# A word about the container as a whole: running, exited, restarting..., or absent.
box_state() { docker inspect --format '{{.State.Status}}' "$BOX_NAME" 2>/dev/null || echo absent; }
