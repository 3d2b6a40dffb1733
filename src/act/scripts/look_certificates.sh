# look_certificates.sh
sudo -n true 2>/dev/null || sudo -n -l certbot certificates >/dev/null 2>&1 || fail sudo-refused "what=certbot"
sudo -n certbot certificates 2>/dev/null | awk '
  /Certificate Name:/ { name = $3 }
  /Serial Number:/ { serial = $3 }
  /Expiry Date:/ { printf "::certificate\tname=%s\tserial=%s\texpires=%s\n", name, serial, $3 }'
most=$(sudo -n find /etc/letsencrypt/archive -name 'cert*.pem' -mtime -7 2>/dev/null | sed 's,/[^/]*$,,' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
say issued "count=${most:-0}"
say end
