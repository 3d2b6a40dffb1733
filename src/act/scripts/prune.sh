# prune.sh PROJECT SYSTEM KIND ID NAME...: container, network or image, by id; an image with the names it goes by, joined by
# commas. Nothing is forced: what came into use meanwhile is refused by the engine itself, and stays.
project=$1 system=$2
shift 2
root=$(docker info -f '{{.DockerRootDir}}')
free() { df -B1 --output=avail "$root" | tail -n 1 | tr -d ' '; }
before=$(free)
while [ $# -ge 3 ]; do
  kind=$1 id=$2 names=$3
  shift 3
  case $kind in
    container)
      [ "$(docker inspect -f '{{index .Config.Labels "com.docker.compose.project"}}' "$id" 2>/dev/null)" != "$project" ] || { say spared "name=$names"; continue; }
      docker container rm "$id" >/dev/null && say removed "kind=container" "name=$names" ;;
    network) docker network rm "$id" >/dev/null && say removed "kind=network" "name=$names" ;;
    image)
      # By every name it has, or by its id where it has none: an id with several names would have to be forced.
      case $names in
        *'<none>'*) docker image rm "$id" >/dev/null && say removed "kind=image" "name=$(echo "$id" | cut -c8-19)" ;;
        *) for name in $(echo "$names" | tr ',' ' '); do
             # A pull may have given the name to another image meanwhile.
             [ "$(docker image inspect -f '{{.Id}}' "$name" 2>/dev/null)" = "$id" ] || { say spared "name=$name"; continue; }
             docker image rm "$name" >/dev/null && say removed "kind=image" "name=$name"
           done ;;
      esac ;;
  esac
done
if [ "$system" = yes ]; then docker builder prune -f 2>/dev/null | tail -n 1; fi
after=$(free)
say freed "size=$((after - before))" "free=$after"
exit 0
