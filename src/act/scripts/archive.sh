# archive.sh FOLDER compress|delete NAME...: the names as they were listed; what is not there any more was rotated.
folder=$1 todo=$2
shift 2
while [ $# -ge 1 ]; do
  case $1 in delete) todo=delete; shift; continue ;; esac
  file=$folder/$1
  if ! sudo -n test -f "$file"; then say gone-already "name=$1"
  elif [ "$todo" = compress ]; then
    sudo -n gzip -- "$file" && say compressed "name=$1" || fail not-compressed "name=$1"
  else
    sudo -n rm -- "$file" && say deleted "name=$1" || fail not-deleted "name=$1"
  fi
  shift
done
exit 0
