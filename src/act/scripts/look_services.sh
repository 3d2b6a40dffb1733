# look_services.sh PROJECT FOLDER: the services that the compose file names.
project=$1
cd "$2" || fail no-folder "path=$2"
for service in $(compose config --services 2>/dev/null | sort -u); do say service "name=$service"; done
say end
