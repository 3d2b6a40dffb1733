# Begins a job that outlives the connection: begin.sh ID LIMIT SCRIPT [WORD]...
# The folder of the job is made first and only once: whoever finds it there already begins nothing.
id=$1 limit=$2 script=$3
shift 3
umask 077
base=/var/tmp/signoff-$(id -u)
job=$base/$id
mkdir -p "$base" || exit 73
find "$base" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} + 2>/dev/null
mkdir "$job" 2>/dev/null || { [ -d "$job" ] && echo already && exit 0; exit 73; }
printf '%s\n' "$script" >"$job/script" || { rm -rf "$job"; exit 73; }
cat /proc/sys/kernel/random/boot_id >"$job/boot" || { rm -rf "$job"; exit 73; }
# What it prints is kept on the host: the beginning, which is followed, and the end; a flood between them is let go.
cat >"$job/run" <<'RUN' || { rm -rf "$job"; exit 73; }
job=${0%/run} limit=$1
shift
# Once: whoever started it may say that it failed, and it runs all the same.
ln -s $$ "$job/claimed" 2>/dev/null || exit 0
echo $$ >"$job/pid"
export LC_ALL=C HOME="${HOME:-/}" PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
cd /
{
  timeout -k 20 "$limit" sh "$job/script" "$@" </dev/null 2>&1
  # A link's text needs no room on a disk that is full.
  ln -s $? "$job/ended"
} | {
  # As it comes: `head` would keep back what is less than a page, and nobody would see it begin.
  if dd count=0 iflag=count_bytes </dev/null >/dev/null 2>&1; then
    dd bs=4096 count=262144 iflag=count_bytes of="$job/log" 2>/dev/null
  else
    head -c 262144 >"$job/log"
  fi
  tail -c 32768 >"$job/tail"
}
mv "$job/ended" "$job/status"
RUN
# systemd keeps it apart from the login, which may end; where there is none, or it is not allowed, a session of its own.
if command -v systemd-run >/dev/null && sudo -n systemd-run --quiet --collect --unit="signoff-$id" \
  --uid="$(id -u)" --gid="$(id -g)" sh "$job/run" "$limit" "$@" >/dev/null 2>"$job/refused"; then
  echo begun
elif command -v setsid >/dev/null; then
  setsid sh "$job/run" "$limit" "$@" >/dev/null 2>&1 </dev/null &
  echo begun
else
  nohup sh "$job/run" "$limit" "$@" >/dev/null 2>&1 </dev/null &
  echo begun
fi
