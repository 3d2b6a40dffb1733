# shellcheck shell=bash
# Amazon, played by moto on this machine's loopback: S3, EC2, Cost Explorer, CloudWatch.

CLOUD=$BOX_DIR/cloud
# The command line is what people use by hand: the benchmarks compare with it.
CLOUD_PACKAGES=('moto[server,s3,ec2,ce,cloudwatch]==5.2.5' 'awscli==1.42.55')

cloud_installed() { [[ -f $CLOUD/installed && $(<"$CLOUD/installed") == "${CLOUD_PACKAGES[*]}" ]]; }

cloud_install() {
  python3 -m venv --clear "$CLOUD/python"
  "$CLOUD/python/bin/pip" install --quiet --disable-pip-version-check "${CLOUD_PACKAGES[@]}"
  printf '%s\n' "${CLOUD_PACKAGES[*]}" >"$CLOUD/installed"
}

cloud_url() { printf 'http://127.0.0.1:%s' "$(cat "$CLOUD/port" 2>/dev/null)"; }
cloud_answers() { [[ -s $CLOUD/port ]] && curl -sf -m 5 --noproxy '*' -o /dev/null "$(cloud_url)/moto-api/data.json"; }

# Outlives this script; the lock of the box is not for it.
cloud_start() {
  free_port "${BOX_CLOUD_PORT:-42500}" >"$CLOUD/port"
  setsid "$CLOUD/python/bin/moto_server" -H 127.0.0.1 -p "$(<"$CLOUD/port")" \
    >"$BOX_LOGS/cloud" 2>&1 </dev/null 9>&- &
  echo $! >"$CLOUD/pid"
  wait_for 60 "moto" cloud_answers
}

cloud_stop() {
  local pid
  pid=$(cat "$CLOUD/pid" 2>/dev/null) || return 0
  if grep -qs moto_server "/proc/$pid/cmdline"; then kill "$pid"; fi
  rm -f "$CLOUD/pid" "$CLOUD/port"
}

# What lies on the host and in S3.
host_backups() { in_box sh -c "cd /opt/gear_freak/backups && stat -c '%s %n' postgres_*"; }

# cloud_seed [WRONG]: the account as it should be, or with one thing wrong. The host's own backups say what lies in S3.
cloud_seed() {
  : >"$CLOUD/wrong"
  host_backups >"$CLOUD/backups"
  # A proxy of this machine is not for its own loopback.
  NO_PROXY='*' "$CLOUD/python/bin/python" "$BOX_SRC/cloud/cloud.py" "$(cloud_url)" "$CLOUD/backups" "$@" >"$CLOUD/ids.new"
  mv "$CLOUD/ids.new" "$CLOUD/ids"
  (($#)) || rm -f "$CLOUD/wrong"
}

# Is it what a seed without anything wrong left, of the backups that the host has? There are others each day.
cloud_sound() {
  [[ -s $CLOUD/ids && ! -e $CLOUD/wrong && $CLOUD/ids -nt $CLOUD/port ]] && cmp -s "$CLOUD/backups" <(host_backups)
}
