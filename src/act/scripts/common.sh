# What the scripts of the acts share. Every value comes as a word of its own. A line that begins with `::` is a fact and one
# with `!!` the reason for a failure: a key, then `name=value` behind tabs. All else is what programs print.
say() { printf '::%s' "$1"; shift; for pair; do printf '\t%s' "$pair"; done; printf '\n'; }
fail() { printf '!!%s' "$1"; shift; for pair; do printf '\t%s' "$pair"; done; printf '\n'; exit 1; }
compose() {
  if docker compose version >/dev/null 2>&1; then docker compose --ansi never -p "$project" "$@"
  else docker-compose --ansi never -p "$project" "$@"
  fi
}
# The containers of a service (none named: of the project), stopped ones too; one-offs of `run` are none.
containers() {
  docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" \
    ${1:+--filter "label=com.docker.compose.service=$1"} --filter label=com.docker.compose.oneoff=False
}
running() { docker ps -q --no-trunc --filter "label=com.docker.compose.project=$project" \
  --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False | head -n 1; }
state_of() {
  docker inspect -f '{{.State.Status}}{{if .State.Health}} {{.State.Health.Status}}{{end}}' "$1" 2>/dev/null
}
# Waits until every container of a service (none named: of the project) runs and is healthy.
wait_healthy() {
  tries=0
  while :; do
    bad=
    ids=$(containers "$1")
    [ -n "$ids" ] || bad=absent
    for id in $ids; do
      state=$(state_of "$id")
      case $state in running | 'running healthy') ;; *) bad="$(docker inspect -f '{{.Name}}' "$id" | tr -d /) $state" ;; esac
    done
    [ -n "$bad" ] || break
    tries=$((tries + 1))
    [ $tries -lt "${HEALTH_TRIES:-180}" ] || fail unhealthy "what=$bad"
    sleep 0.5
  done
  for id in $ids; do
    say healthy "what=$(docker inspect -f '{{.Name}}' "$id" | tr -d /)" "since=$(docker inspect -f '{{.State.StartedAt}}' "$id")"
  done
}
# Whether a dump is whole: it unpacks to its end, and says there that it is complete. `gzip -t` passes a failed one.
whole() {
  case $({ gzip -cd <"$1" 2>/dev/null; echo "status $?"; } | tail -n 11) in
    *'PostgreSQL database dump complete'*'status 0') return 0 ;;
  esac
  return 1
}
# Backups by name, the newest first. The pattern must be open here to be one.
backups() { (cd "$1" && for name in $2; do [ -f "$name" ] && printf '%s\n' "$name"; done | sort -r); }
bytes() { stat -L -c %s "$1"; }
# The three newest backups that are whole.
newest_whole() {
  found=0
  backups "$1" "$2" | while read -r name; do
    if whole "$1/$name"; then
      printf '%s\n' "$name"
      found=$((found + 1))
      [ $found -lt 3 ] || break
    fi
  done
}
make_backup() { # script folder pattern: sets $made
  before=$(backups "$2" "$3" | head -n 1)
  [ -x "$1" ] || fail backup-no-script "path=$1"
  "$1" || fail backup-failed "status=$?"
  made=$(backups "$2" "$3" | head -n 1)
  [ -n "$made" ] && [ "$made" != "$before" ] || fail backup-no-file "folder=$2"
  whole "$2/$made" || fail backup-broken "name=$made"
  say backup-made "name=$made" "size=$(bytes "$2/$made")"
}
