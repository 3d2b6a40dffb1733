# look_logs.sh FOLDER COMPRESS_DAYS DELETE_DAYS
list() { # folder kind pattern days
  found=$(sudo -n find "$1" -mindepth 1 -maxdepth 1 -type f -name "$3" -mtime "+$4" -printf "::$2\tname=%f\tsize=%s\n") ||
    fail no-folder "path=$1"
  [ -z "$found" ] || printf '%s\n' "$found" | sort
}
sudo -n test -d "$1" || fail no-folder "path=$1"
list "$1" compress '*.log' "$2"
list "$1" delete '*.gz' "$3"
say end
