# What the two scripts that restore share. $db is the container, $user who asks, $live the live database.
sql() { docker exec -i "$db" psql -X -q -A -t -v ON_ERROR_STOP=1 -U "$user" "$@" </dev/null; }
exists() { [ "$(sql -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }
count() { sql -d "$1" -c "SELECT count(*) FROM \"$2\""; }
# How much room the database has for a second one of itself: three times the plain text of the dump, which also
# covers indexes and the write-ahead log. `gzip -l` is wrong over 4 GiB, so it is unpacked and counted.
room() {
  plain=$(gzip -cd <"$1" | wc -c)
  need=$((plain * 3 + 64 * 1024 * 1024))
  data=$(sql -d postgres -c 'SHOW data_directory')
  # As POSIX has it: the `df` of an Alpine image knows no more.
  free=$(docker exec "$db" df -Pk "$data" | awk 'NR == 2 { print $4 }')
  case $free in '' | *[!0-9]*) fail room-unknown "where=$data" ;; esac
  free=$((free * 1024))
  say room "need=$need" "free=$free" "where=$data"
  [ "$free" -ge "$need" ] || fail no-room "need=$need" "free=$free"
}
# Loads a dump into an empty database: all of it or nothing.
load() { # file database
  rm -f "$job/unpacked"
  { gzip -cd <"$1" && : >"$job/unpacked"; } |
    docker exec -i "$db" psql -X -q -1 -o /dev/null -v ON_ERROR_STOP=1 -U "$user" -d "$2" && [ -e "$job/unpacked" ]
}
# A new, empty database with the letters of the live one. The names hold nothing but small letters, digits and _.
create() {
  made=$(sql -d postgres -c "SELECT format('CREATE DATABASE $1 TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L OWNER %I', pg_encoding_to_char(encoding), datcollate, datctype, pg_get_userbyid(datdba)) FROM pg_database WHERE datname = '$live'") &&
    [ -n "$made" ] && sql -d postgres -c "$made"
}
drop() { sql -d postgres -c "DROP DATABASE IF EXISTS $1 WITH (FORCE)"; }
job=$(mktemp -d) || fail no-folder "path=/tmp"
