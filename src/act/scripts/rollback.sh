# rollback.sh PROJECT FOLDER SERVICE NOW TARGET: images by id.
project=$1 service=$3 now=$4 target=$5
cd "$2" || fail no-folder "path=$2"
id=$(containers "$service" | head -n 1)
[ -n "$id" ] || fail no-container "service=$service"
[ "$(docker inspect -f '{{.Image}}' "$id")" = "$now" ] || fail image-changed "service=$service"
docker image inspect "$target" >/dev/null 2>&1 || fail image-gone "image=$(echo "$target" | cut -c8-19)"
name=$(docker inspect -f '{{.Config.Image}}' "$id")
case $name in sha256:* | *@*) fail image-without-tag "image=$name" ;; esac
# The one that is left keeps a name of its own, or the next clean-up would take it.
docker tag "$now" "signoff/replaced:$service-$(date -u +%Y%m%d%H%M%S)" || fail tag-failed "image=$name"
docker tag "$target" "$name" || fail tag-failed "image=$name"
say tagged "name=$name" "image=$(echo "$target" | cut -c8-19)"
compose up -d --no-deps "$service" || fail compose-failed "act=up" "status=$?"
new=$(containers "$service" | head -n 1)
[ "$(docker inspect -f '{{.Image}}' "$new")" = "$target" ] || fail not-rolled-back "service=$service"
wait_healthy "$service"
exit 0
