# look_updates.sh: what would be updated.
manager=$(for m in dnf yum apt-get; do command -v $m >/dev/null && echo $m && break; done)
latest=
grep -q 'ID="amzn"' /etc/os-release && grep -q 'VERSION_ID="2023' /etc/os-release && latest=--releasever=latest
case $manager in
  dnf | yum)
    list=$(sudo -n "$manager" -q $latest check-update 2>/dev/null)
    case $? in 0 | 100) ;; *) fail updates-unknown "manager=$manager" ;; esac
    printf '%s\n' "$list" | awk '/^Obsoleting/ { exit } NF == 3 && $1 ~ /\./ { printf "::update\tname=%s\tversion=%s\n", $1, $2 }' ;;
  apt-get)
    list=$(apt-get -s -o Debug::NoLocking=1 dist-upgrade 2>/dev/null) || fail updates-unknown "manager=$manager"
    printf '%s\n' "$list" |
      awk '/^Inst / { v = $3; if (v ~ /^\[/) v = $4; gsub(/[(]/, "", v); printf "::update\tname=%s\tversion=%s\n", $2, v }' ;;
  *) fail no-manager ;;
esac
say manager "name=$manager"
say end
