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
elif command -v needs-restarting >/dev/null; then sudo -n needs-restarting -r >/dev/null 2>&1 || due=yes
fi
say updated "manager=$manager"
say "reboot-due-$due"
exit 0
