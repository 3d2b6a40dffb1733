# look_engine.sh PROJECT FOLDER: everything that the engine keeps, and what the compose file asks for.
project=$1
cd "$2" || fail no-folder "path=$2"
tab=$(printf '\t')
docker info -f '{{.ID}}' >/dev/null || fail no-docker
ids=$(docker image ls -q --no-trunc | sort -u)
[ -z "$ids" ] || docker image inspect -f "::image${tab}id={{.Id}}${tab}size={{.Size}}${tab}names={{range \$i, \$n := .RepoTags}}{{if \$i}},{{end}}{{\$n}}{{end}}${tab}digests={{range \$i, \$n := .RepoDigests}}{{if \$i}},{{end}}{{\$n}}{{end}}" $ids
# Those that others were built on are in no list but this one.
for id in $(docker image ls -aq --no-trunc | sort -u); do say here "id=$id"; done
ids=$(docker ps -aq --no-trunc)
[ -z "$ids" ] || docker inspect -f "::container${tab}id={{.Id}}${tab}name={{.Name}}${tab}image={{.Image}}${tab}state={{.State.Status}}${tab}project={{index .Config.Labels \"com.docker.compose.project\"}}" $ids
ids=$(docker network ls -q --no-trunc --filter type=custom)
[ -z "$ids" ] || docker network inspect -f "::network${tab}id={{.Id}}${tab}name={{.Name}}${tab}project={{index .Labels \"com.docker.compose.project\"}}" $ids
for id in $(docker ps -aq); do
  docker inspect -f "{{range \$n, \$v := .NetworkSettings.Networks}}::uses${tab}container={{\$.Id}}${tab}name={{\$n}}
{{end}}" "$id"
done
# What only runs under a profile is named by the file all the same; an old docker-compose knows no profiles.
config=$(compose --profile '*' config 2>/dev/null) || config=$(compose config 2>/dev/null)
found=$(printf '%s\n' "$config" | sed -n 's/^ *image: *//p' | tr -d "'\"")
[ -n "$found" ] || fail no-compose "path=$2"
for name in $found; do say wanted "name=$name"; done
root=$(docker info -f '{{.DockerRootDir}}')
say disk "free=$(df -B1 --output=avail "$root" | tail -n 1 | tr -d ' ')"
say end
