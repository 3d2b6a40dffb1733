# renew.sh dry_run|plain|forced
how=$1
serials() { sudo -n certbot certificates 2>/dev/null | grep -E 'Certificate Name|Serial Number' | tr -d ' '; }
sudo -n true 2>/dev/null || sudo -n -l certbot certificates >/dev/null 2>&1 || fail sudo-refused "what=certbot"
before=$(serials)
[ -n "$before" ] || fail no-certificates
# How many certificates a name got in seven days, at most. Only who forces one must know.
if issued=$(sudo -n find /etc/letsencrypt/archive -name 'cert*.pem' -mtime -7 2>/dev/null); then
  most=$(printf '%s' "$issued" | sed 's,/[^/]*$,,' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
  say issued "count=${most:-0}"
elif [ "$how" = forced ]; then
  fail sudo-refused "what=find /etc/letsencrypt/archive -name cert*.pem -mtime -7"
fi
case $how in
  dry_run | plain)
    say dry-run
    sudo -n certbot renew --non-interactive --no-random-sleep-on-renew --dry-run || fail dry-run-failed "status=$?"
    [ "$how" = plain ] || exit 0 ;;
esac
say renewing
sudo -n certbot renew --non-interactive --no-random-sleep-on-renew || [ "$how" = forced ] || fail renew-failed "status=$?"
if [ "$(serials)" = "$before" ]; then
  say nothing-due
  if [ "$how" = forced ]; then
    [ "${most:-0}" -lt 5 ] || fail five-a-week "count=$most"
    say forcing
    sudo -n certbot renew --non-interactive --no-random-sleep-on-renew --force-renewal || fail renew-failed "status=$?"
    [ "$(serials)" != "$before" ] || fail not-renewed
  fi
fi
sudo -n nginx -t || fail nginx-config "status=$?"
sudo -n systemctl reload nginx || fail reload-failed "status=$?"
say reloaded
sudo -n certbot certificates 2>/dev/null | grep -E 'Certificate Name|Expiry Date'
exit 0
