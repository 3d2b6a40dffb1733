# shellcheck shell=bash
# The checklist's daily commands, and how they reach the box. Addresses are in target/box, which tests/box/up writes.

BOX_OUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/target/box
[[ -r $BOX_OUT/env ]] || {
  echo "no target/box/env: run tests/box/up first" >&2
  exit 1
}
# shellcheck source=/dev/null
. "$BOX_OUT/env"

# Daily 2, 3 and 4. A grep that finds nothing is good news, not a failure.
# shellcheck disable=SC2034 # used by the scripts that source this
REMOTE=(
  'cd /opt/gear_freak && docker-compose ps'
  'cd /opt/gear_freak && docker-compose logs --since 30m serverpod 2>&1 | grep -i error | tail -20'
  'cd /opt/gear_freak && docker-compose logs --since 30m serverpod 2>&1 | grep -iE "(critical|fatal)" || true'
  'cd /opt/gear_freak && docker-compose logs --since 30m serverpod 2>&1 | grep -i "failed to connect to database" || true'
  'docker stats --no-stream'
  'df -h'
  'free -h'
)

# Daily 1.
sites() {
  local site
  for site in api insights app; do
    curl -s -f --noproxy '*' --cacert "$BOX_OUT/ca.pem" \
      --connect-to "$site.gear-freaks.com:443:127.0.0.1:$BOX_HTTPS_PORT" "https://$site.gear-freaks.com" | head -c 50
    echo
  done
}

# The quick key exchange, so that nobody is faster only for ssh's default being slow.
remote() {
  ssh -F none -p "$BOX_SSH_PORT" -i "$BOX_OUT/id_ed25519" -o KexAlgorithms=curve25519-sha256 -o BatchMode=yes \
    -o UserKnownHostsFile="$BOX_OUT/known_hosts" "$BOX_USER@127.0.0.1" "$1" </dev/null
}
