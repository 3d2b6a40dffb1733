# shellcheck shell=bash
# Is all of it healthy, seen from inside and from outside; and how it is made so again.

# Puts the host back into its known state: booted, the images there (a prune takes them), every part healed.
heal() {
  wait_for 90 "the host's boot" in_box box-booted
  in_box box-heal 30-docker
  load_services
  in_box box-heal
}

# wait_for SECONDS WHAT COMMAND...: until it succeeds; its last output is shown if it never does.
wait_for() {
  local until=$((SECONDS + $1)) what=$2 said
  shift 2
  while ! said=$("$@" 2>&1); do
    if ((SECONDS >= until)); then
      printf 'not healthy: %s\n%s\n' "$what" "$said"
      return 1
    fi
    sleep 0.2
  done
}

healthy() {
  wait_for 90 "inside the host" in_box box-healthy
  wait_for 15 "ssh from outside" box_ssh true
  local site
  for site in "${BOX_SITES[@]}"; do wait_for 15 "https://$site from outside" box_curl "$site"; done
}

box_ssh() {
  ssh -F none -p "$(machine_port 22)" -i "$KEYS/ssh_client" -o BatchMode=yes -o ConnectTimeout=3 \
    -o UserKnownHostsFile="$KEYS/known_hosts" "$BOX_USER@127.0.0.1" "$@" </dev/null
}

box_curl() {
  curl -sSf -m 5 -o /dev/null --noproxy '*' --cacert "$KEYS/ca.pem" \
    --connect-to "$1:443:127.0.0.1:$(machine_port 443)" "https://$1/"
}
