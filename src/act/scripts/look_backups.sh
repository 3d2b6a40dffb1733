# look_backups.sh FOLDER PATTERN DAYS SCRIPT: DAYS empty: only a list.
[ -d "$1" ] && [ -r "$1" ] || fail no-folder "path=$1"
backups "$1" "$2" | while read -r name; do
  say backup "name=$name" "size=$(bytes "$1/$name")" "at=$(stat -c %Y "$1/$name")"
done
if [ -n "$3" ]; then
  for name in $(newest_whole "$1" "$2"); do say whole "name=$name"; done
  (cd "$1" && find . -mindepth 1 -maxdepth 1 -type f -mtime "+$3" -printf '%f\n') | while read -r name; do
    case $name in $2) say old "name=$name" "size=$(bytes "$1/$name")" ;; esac
  done
fi
[ -z "$4" ] || [ ! -f "$4" ] || say file "name=$4" "sum=$(sha256sum <"$4" | cut -c1-64)"
say end
