# How far a job is: follow.sh ID FROM. Waits a moment for news, then prints a state, how much was printed by then, and what
# came since FROM.
job=/var/tmp/signoff-$(id -u)/$1 from=$2
running() {
  pid=$(cat "$job/pid" 2>/dev/null) || {
    # The moment between its folder and its first breath.
    [ -n "$(find "$job" -maxdepth 0 -newermt '-15 seconds' 2>/dev/null)" ]
    return
  }
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$job/run"
}
size() { stat -c %s "$job/log" 2>/dev/null || echo 0; }
for wait in 1 2 3 4 5 6 7 8; do
  if [ ! -d "$job" ]; then state=absent
  elif [ -e "$job/sealed" ]; then state=sealed
  elif [ -L "$job/status" ]; then state="ended $(readlink "$job/status")"
  elif running; then state=running
  elif [ -L "$job/status" ]; then state="ended $(readlink "$job/status")"
  elif [ "$(cat "$job/boot")" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then state=rebooted
  else state=gone
  fi
  [ "$state" = running ] && [ "$(size)" -le "$from" ] || break
  sleep 0.1
done
size=$(size)
here=$((size - from))
[ "$here" -le 32768 ] || here=32768
echo "$state"
echo "$size"
[ "$here" -le 0 ] || tail -c +$((from + 1)) "$job/log" 2>/dev/null | head -c "$here"
# The end of what came after that, once it is known to be the end.
case $state in
  ended* | gone | rebooted)
    if [ $((from + here)) -ge "$size" ] && [ -s "$job/tail" ]; then
      printf '\n[...]\n'
      cat "$job/tail"
    fi
    ;;
esac
