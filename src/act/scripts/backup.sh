# backup.sh SCRIPT FOLDER PATTERN
make_backup "$1" "$2" "$3"
exit 0
