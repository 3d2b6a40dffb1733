# restore.sh PROJECT SERVICE USER LIVE TABLE SCRIPT FOLDER PATTERN FILE SUM COMPOSE APP STAMP
project=$1 service=$2 user=$3 live=$4 table=$5 script=$6 folder=$7 pattern=$8 file=$9
shift 9
sum=$1 compose_folder=$2 app=$3 stamp=$4
new=${live}_new_$stamp old=${live}_old_$stamp
set -- # nothing is read by number from here on
db=$(running "$service")
[ -n "$db" ] || fail no-container "service=$service"
stage=nothing
tidy() {
  status=$?
  trap - EXIT
  case $stage in
    loading) drop "$new" && say dropped "name=$new" ;;
    stopped)
      # The live database has its own name still, or has it again: the two are renamed together or not at all.
      sql -d postgres -c "ALTER DATABASE $live WITH ALLOW_CONNECTIONS true"
      if (cd "$compose_folder" && compose start "$app"); then say started "service=$app"
      else say not-started "service=$app"
      fi
      drop "$new" && say dropped "name=$new"
      ;;
  esac
  rm -rf "$job"
  exit $status
}
trap tidy EXIT
trap 'exit 143' TERM INT HUP

# 1. The backups that there are.
say step-list "count=$(backups "$folder" "$pattern" | wc -l)"
[ -f "$folder/$file" ] || fail no-file "name=$file"
# Held open: what makes the safety backup deletes old ones, and this may be one of them.
exec 3<"$folder/$file" || fail no-file "name=$file"
chosen=/proc/self/fd/3
[ "$(sha256sum <"$chosen" | cut -c1-64)" = "$sum" ] || fail file-changed "name=$file"
whole "$chosen" || fail backup-broken "name=$file"
exists "$live" || fail no-database "name=$live"
! exists "$new" && ! exists "$old" || fail scratch-exists "name=$new"
room "$chosen"
# Room for the safety backup: twice the largest there is.
largest=$(backups "$folder" "$pattern" | while read -r name; do bytes "$folder/$name"; done | sort -n | tail -n 1)
left=$(df -B1 --output=avail "$folder" | tail -n 1 | tr -d ' ')
[ "$left" -ge $((${largest:-0} * 2)) ] || fail no-room "need=$((${largest:-0} * 2))" "free=$left"

# 2. A backup of what is there now.
say step-safety
make_backup "$script" "$folder" "$pattern"

# 3. The chosen one.
say step-chosen "name=$file" "size=$(bytes "$chosen")"

# 4. Into a new database: everything or nothing. Nobody notices yet.
before=$(count "$live" "$table") || fail no-table "table=$table"
say step-load "name=$new"
stage=loading
create "$new" || fail create-failed "name=$new"
load "$chosen" "$new" || fail load-failed "name=$file"
rows=$(count "$new" "$table") || fail no-table "table=$table"
say counted "table=$table" "restored=$rows" "live=$before"
[ "$rows" -gt 0 ] || [ "$before" -eq 0 ] || fail no-rows "table=$table"
sql -d "$new" -c ANALYZE

# 5. The service stands still while the names are swapped.
cd "$compose_folder" || fail no-folder "path=$compose_folder"
say step-swap "service=$app"
stage=stopped
compose stop "$app" || fail compose-failed "act=stop" "status=$?"
sql -d postgres -c "ALTER DATABASE $live WITH ALLOW_CONNECTIONS false" || fail swap-failed "name=$live"
sql -d postgres -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('$live', '$new')" >/dev/null
docker exec -i "$db" psql -X -q -1 -v ON_ERROR_STOP=1 -U "$user" -d postgres <<SQL || fail swap-failed "name=$live"
ALTER DATABASE $live WITH ALLOW_CONNECTIONS true;
ALTER DATABASE $live RENAME TO $old;
ALTER DATABASE $new RENAME TO $live;
SQL
stage=swapped
say swapped "name=$live" "old=$old"
compose start "$app" || fail compose-failed "act=start" "status=$?"

# 6. What is there now.
after=$(count "$live" "$table") || fail no-table "table=$table"
say step-counted "table=$table" "before=$before" "after=$after"
wait_healthy "$app"
say old-kept "name=$old"
exit 0
