# shellcheck shell=bash
# What a person sees: one line a step, with its seconds. What the step itself says goes to a file.

if [[ -t 1 ]]; then
  SAY_TTY=1 SAY_DIM=$'\e[2m' SAY_RED=$'\e[31m' SAY_GREEN=$'\e[32m' SAY_OFF=$'\e[0m'
else
  SAY_TTY='' SAY_DIM='' SAY_RED='' SAY_GREEN='' SAY_OFF=''
fi

note() { printf '  %s%s%s\n' "$SAY_DIM" "$*" "$SAY_OFF"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# step TITLE COMMAND...  runs it, says how long it took; on failure shows the end of its output and ends the script.
# The command runs in a background subshell: there `set -e` holds inside functions too (it would not in an `if`), and
# an interrupt reaches it. It cannot set variables of this shell.
step() {
  local title=$1 begun=${EPOCHREALTIME/./} rc=0 log mark
  shift
  log=$BOX_LOGS/$(tr -cs 'a-z0-9\n' - <<<"${title,,}").log
  [[ -z $SAY_TTY ]] || printf '  … %s' "$title"
  ("$@") >"$log" 2>&1 </dev/null &
  STEP_PID=$!
  trap 'kill "$STEP_PID" 2>/dev/null || true; exit 130' INT TERM
  wait "$STEP_PID" || rc=$?
  trap - INT TERM
  [[ -z $SAY_TTY ]] || printf '\r\e[K'
  mark="${SAY_GREEN}ok${SAY_OFF}"
  ((rc == 0)) || mark="${SAY_RED}failed${SAY_OFF}"
  printf '  %-44s %5s s  %s\n' "$title" "$(since "$begun")" "$mark"
  ((rc == 0)) && return
  printf '\n' >&2
  tail -n 25 "$log" | sed 's/^/    /' >&2
  printf '\n' >&2
  die "$title: failed (status $rc), all of it is in $log"
}

# Seconds since a moment in microseconds, with one decimal.
since() {
  local us=$((${EPOCHREALTIME/./} - $1))
  printf '%d.%d' $((us / 1000000)) $((us % 1000000 / 100000))
}
