# look_containers.sh PROJECT [SERVICE]: what the engine has of the deployment.
project=$1
ids=$(containers "$2")
tab=$(printf '\t')
[ -z "$ids" ] || docker inspect -f "::container${tab}service={{index .Config.Labels \"com.docker.compose.service\"}}${tab}name={{.Name}}${tab}id={{.Id}}${tab}image={{.Image}}${tab}ref={{.Config.Image}}${tab}state={{.State.Status}}${tab}health={{if .State.Health}}{{.State.Health.Status}}{{end}}${tab}restarts={{.RestartCount}}${tab}started={{.State.StartedAt}}" $ids
if [ -n "$3" ]; then
  for file in docker-compose.yml docker-compose.yaml compose.yaml compose.yml; do
    [ ! -f "$3/$file" ] || say file "name=$3/$file" "sum=$(sha256sum <"$3/$file" | cut -c1-64)"
  done
fi
say end
