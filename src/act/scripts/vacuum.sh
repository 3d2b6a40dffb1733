# vacuum.sh SECONDS
sudo -n journalctl --disk-usage
sudo -n journalctl --vacuum-time="${1}s" || fail vacuum-failed "status=$?"
say vacuumed "size=$(sudo -n du -sB1 /var/log/journal 2>/dev/null | cut -f1)"
exit 0
