# Whether acts could be begun here, and how they would be kept apart: door.sh. Changes nothing.
base=/var/tmp/signoff-$(id -u)
echo "user $(id -un)"
if [ -d "$base" ]; then [ -w "$base" ] && echo room; elif [ -w /var/tmp ]; then echo room; fi
command -v timeout >/dev/null && echo timeout
[ -d /run/systemd/system ] && sudo -n -l systemd-run --quiet --collect --unit=signoff-0 --uid="$(id -u)" \
  --gid="$(id -g)" sh "$base/0/run" 60 >/dev/null 2>&1 && echo systemd
true
