# reboot.sh: some seconds ahead, so that this can be told before the machine goes.
say boot "id=$(cat /proc/sys/kernel/random/boot_id)"
sync
sudo -n systemctl --version >/dev/null 2>&1 || sudo -n -l reboot >/dev/null 2>&1 || fail sudo-refused "what=systemctl reboot"
if sudo -n systemd-run --quiet --on-active=2 --timer-property=AccuracySec=100ms systemctl reboot 2>/dev/null; then :
else
  (sleep 2; sudo -n systemctl reboot || sudo -n reboot) >/dev/null 2>&1 </dev/null &
fi
say reboot-asked
exit 0
