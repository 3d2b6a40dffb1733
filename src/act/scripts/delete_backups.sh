# delete_backups.sh FOLDER PATTERN NAME...: exactly these, and none of the newest three that are whole.
folder=$1 pattern=$2
shift 2
kept=$(newest_whole "$folder" "$pattern")
[ -n "$kept" ] || fail none-whole "folder=$folder"
say kept "names=$(echo "$kept" | tr '\n' ' ')"
for name; do
  case "
$kept
" in *"
$name
"*) say spared "name=$name"; continue ;; esac
  if [ ! -e "$folder/$name" ]; then say gone-already "name=$name"; continue; fi
  rm -- "$folder/$name" || fail not-deleted "name=$name"
  say deleted "name=$name"
done
exit 0
