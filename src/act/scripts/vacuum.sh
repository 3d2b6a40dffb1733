# vacuum.sh SECONDS
sudo -n journalctl --disk-usage
sudo -n journalctl --vacuum-time="${1}s" || fail vacuum-failed "status=$?"
size=$(sudo -n du -sB1 /var/log/journal 2>/dev/null | cut -f1)
[ -n "$size" ] && say vacuumed "size=$size" || say vacuumed-unmeasured
exit 0
