# look_services.sh PROJECT FOLDER: the services that the compose file names; where who looks may not read it with its .env,
# those that have a container.
project=$1
cd "$2" || fail no-folder "path=$2"
services=$(compose config --services 2>/dev/null)
[ -n "$services" ] || services=$(docker ps -a --filter "label=com.docker.compose.project=$project" \
  --format '{{.Label "com.docker.compose.service"}}')
for service in $(printf '%s\n' "$services" | sort -u); do say service "name=$service"; done
say end
