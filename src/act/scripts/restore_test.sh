# restore_test.sh PROJECT SERVICE USER LIVE TABLE FOLDER PATTERN SCRATCH
project=$1 user=$3 live=$4 table=$5 folder=$6 scratch=$8
db=$(running "$2")
[ -n "$db" ] || fail no-container "service=$2"
tidy() {
  status=$?
  trap - EXIT
  drop "$scratch" && say dropped "name=$scratch"
  rm -rf "$job"
  exit $status
}
file=$(backups "$folder" "$7" | head -n 1)
[ -n "$file" ] || fail no-backup "folder=$folder"
say chosen "name=$file" "size=$(bytes "$folder/$file")"
whole "$folder/$file" || fail backup-broken "name=$file"
exists "$live" || fail no-database "name=$live"
[ "$scratch" != "$live" ] && ! exists "$scratch" || fail scratch-exists "name=$scratch"
# What an earlier test left behind when its machine went down under it.
for old in $(sql -d postgres -c "SELECT datname FROM pg_database WHERE datname LIKE 'signoff\\_test\\_%'"); do drop "$old"; done
room "$folder/$file"
trap tidy EXIT
trap 'exit 143' TERM INT HUP
create "$scratch" || fail create-failed "name=$scratch"
say loading "name=$scratch"
load "$folder/$file" "$scratch" || fail load-failed "name=$file"
rows=$(count "$scratch" "$table") || fail no-table "table=$table"
now=$(count "$live" "$table") || now=0
say counted "table=$table" "restored=$rows" "live=$now"
[ "$rows" -gt 0 ] || [ "$now" -eq 0 ] || fail no-rows "table=$table"
exit 0
