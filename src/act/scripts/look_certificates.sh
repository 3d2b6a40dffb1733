# look_certificates.sh
sudo -n true 2>/dev/null || sudo -n -l certbot certificates >/dev/null 2>&1 || fail sudo-refused "what=certbot"
certificates=$(sudo -n certbot certificates 2>/dev/null | awk '
  /Certificate Name:/ { name = $3 }
  /Serial Number:/ { serial = $3 }
  /Expiry Date:/ { printf "::certificate\tname=%s\tserial=%s\texpires=%s\n", name, serial, $3 }')
[ -n "$certificates" ] || fail no-certificates
printf '%s\n' "$certificates"
# Where there are certificates there is the folder: a find that fails was not let, and nothing is said of it.
if issued=$(sudo -n find /etc/letsencrypt/archive -name 'cert*.pem' -mtime -7 2>/dev/null); then
  most=$(printf '%s' "$issued" | sed 's,/[^/]*$,,' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
  say issued "count=${most:-0}"
fi
say end
