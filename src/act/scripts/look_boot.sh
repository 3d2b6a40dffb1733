# look_boot.sh PROJECT: which boot this is, and whether every service is there and healthy.
project=$1
say boot "id=$(cat /proc/sys/kernel/random/boot_id)" "up=$(cut -d. -f1 /proc/uptime)"
for id in $(containers ''); do
  state=$(state_of "$id")
  case $state in running | 'running healthy') ;; *) say waiting "what=$(docker inspect -f '{{.Name}}' "$id" | tr -d /)" "state=$state" ;; esac
done
docker info -f '{{.ID}}' >/dev/null 2>&1 || say waiting "what=docker" "state=down"
say count "count=$(containers '' | wc -l)"
say end
