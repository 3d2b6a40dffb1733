# look_journal.sh
say journal "size=$(sudo -n du -scB1 /var/log/journal /run/log/journal 2>/dev/null | tail -n 1 | cut -f1)"
say end
