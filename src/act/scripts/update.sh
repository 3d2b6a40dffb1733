# update.sh: everything that the package manager has.
manager=$(for m in dnf yum apt-get; do command -v $m >/dev/null && echo $m && break; done)
latest=
grep -q 'ID="amzn"' /etc/os-release && grep -q 'VERSION_ID="2023' /etc/os-release && latest=--releasever=latest
case $manager in
  dnf | yum) sudo -n "$manager" -y $latest upgrade || fail update-failed "status=$?" ;;
  apt-get)
    sudo -n apt-get update && sudo -n DEBIAN_FRONTEND=noninteractive apt-get -y dist-upgrade || fail update-failed "status=$?" ;;
  *) fail no-manager ;;
esac
due=no
if [ -e /var/run/reboot-required ]; then due=yes
elif command -v needs-restarting >/dev/null; then
  # It ends with 1 where a reboot is due, and so does sudo where it refuses.
  if sudo -n -l needs-restarting -r >/dev/null 2>&1; then
    sudo -n needs-restarting -r >/dev/null 2>&1
    case $? in 0) ;; 1) due=yes ;; *) due=unknown ;; esac
  else due=unknown
  fi
else
  newest=$(ls -1 /boot 2>/dev/null | sed -n 's/^vmlinuz-//p' | sort -V | tail -n 1)
  [ -z "$newest" ] || [ "$newest" = "$(uname -r)" ] || due=yes
fi
say updated "manager=$manager"
say "reboot-due-$due"
exit 0
