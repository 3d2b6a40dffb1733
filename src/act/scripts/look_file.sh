# look_file.sh FOLDER NAME
[ -f "$1/$2" ] || fail no-file "name=$2"
whole "$1/$2" || fail backup-broken "name=$2"
say chosen "name=$2" "size=$(bytes "$1/$2")" "at=$(stat -c %Y "$1/$2")" "sum=$(sha256sum <"$1/$2" | cut -c1-64)"
say end
