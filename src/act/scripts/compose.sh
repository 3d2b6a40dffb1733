# compose.sh PROJECT FOLDER ACT [SERVICE]
project=$1 act=$3 service=$4
cd "$2" || fail no-folder "path=$2"
started() { for id in $(containers "$service"); do docker inspect -f '{{.Id}} {{.State.StartedAt}}' "$id"; done | sort; }
before=$(started)
case $act in
  restart) compose restart ${service:+"$service"} || fail compose-failed "act=restart" "status=$?" ;;
  up) compose up -d ${service:+"$service"} || fail compose-failed "act=up" "status=$?" ;;
  down_up)
    compose down || say compose-down-failed "status=$?"
    say down
    # What was taken down is brought up whatever came of it.
    compose up -d || fail compose-failed "act=up" "status=$?"
    ;;
esac
wait_healthy "$service"
if [ "$act" != up ] && [ -n "$before" ]; then
  same=$(printf '%s\n' "$before" "$(started)" | sort | uniq -d)
  [ -z "$same" ] || fail not-restarted "what=$(echo "$same" | cut -c1-12 | tr '\n' ' ')"
fi
exit 0
