# shellcheck shell=bash
# The outer Docker engine: the machine's own if one answers, else one started by hand (no systemd is needed).

ENGINE_PID=$BOX_DIR/dockerd.pid
CONTAINERD_PID=/var/run/docker/containerd/containerd.pid
ENGINE_DATA=$BOX_DIR/docker
ENGINE_LOG=$BOX_LOGS/dockerd.log

engine_answers() { docker version >/dev/null 2>&1; }

# engine_pid FILE NAME: the process in the file, if it still runs and still is that program. A pid file outlives a
# machine's reboot, and its number may belong to somebody else by then. (A zombie has no program any more.)
engine_pid() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 1
  [[ $pid =~ ^[0-9]+$ && $(readlink "/proc/$pid/exe") == */"$2" ]] && echo "$pid"
}

engine_start() {
  local pid
  if [[ -d /run/systemd/system ]]; then
    systemctl start docker
  elif pid=$(engine_pid "$ENGINE_PID" dockerd || engine_pid /var/run/docker.pid dockerd); then
    echo "dockerd $pid runs already: waiting for it"
  else
    # An engine that died leaves these; dockerd refuses to start on a pid file whose number is in use by anything.
    rm -f "$ENGINE_PID" /var/run/docker.pid /var/run/docker.sock
    engine_pid "$CONTAINERD_PID" containerd >/dev/null || rm -f "$CONTAINERD_PID"
    setsid dockerd --data-root "$ENGINE_DATA" --pidfile "$ENGINE_PID" >"$ENGINE_LOG" 2>&1 </dev/null 9>&- &
    disown
  fi
  local tries
  for ((tries = 0; tries < 120; tries++)); do
    if engine_answers; then return; fi
    sleep 0.5
  done
  tail -n 20 "$ENGINE_LOG"
  echo "the engine did not answer within a minute; its log: $ENGINE_LOG"
  return 1
}

# Is the engine the one that engine_start began?
engine_ours() { engine_pid "$ENGINE_PID" dockerd >/dev/null; }

engine_stop() {
  local pid
  pid=$(engine_pid "$ENGINE_PID" dockerd)
  kill "$pid"
  local tries
  for ((tries = 0; tries < 120; tries++)); do
    if ! engine_ours; then return; fi
    sleep 0.25
  done
  echo "dockerd $pid does not end"
  return 1
}
