# shellcheck shell=bash
# Keys and certificates. Made once and kept, so that fingerprints stay the same when the host is built anew.

KEYS=$BOX_DIR/keys

make_keys() {
  mkdir -p "$KEYS"
  chmod 0700 "$KEYS"
  local key
  for key in client host; do
    [[ -s $KEYS/ssh_$key.pub ]] || { rm -f "$KEYS/ssh_$key" && ssh-keygen -q -t ed25519 -N '' -C "box $key" -f "$KEYS/ssh_$key"; }
  done
  printf '* %s\n' "$(cut -d' ' -f1,2 "$KEYS/ssh_host.pub")" >"$KEYS/known_hosts"
  [[ -s $KEYS/ca.pem ]] || make_authority
  local site
  for site in "${BOX_SITES[@]}"; do
    # Ninety days like the real ones; renewed early enough that a check for thirty days never turns by itself.
    openssl x509 -checkend $((60 * 86400)) -noout -in "$KEYS/$site.pem" >/dev/null 2>&1 || make_leaf "$site"
  done
}

# A root, which the callers trust, and an intermediate under it, so that "the chain is complete" is a real question.
make_authority() {
  new_key root
  openssl req -x509 -new -key "$KEYS/root.key" -days 3650 -subj '/CN=Box Root' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' -out "$KEYS/root.pem"
  new_key intermediate
  openssl req -new -key "$KEYS/intermediate.key" -subj '/CN=Box Intermediate' |
    openssl x509 -req -CA "$KEYS/root.pem" -CAkey "$KEYS/root.key" -CAcreateserial -days 3650 -out "$KEYS/intermediate.pem" \
      -extfile <(printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n')
  rm -f "$KEYS"/*gear-freaks.com.pem
  # Last: its presence says that all of the above is there.
  cp "$KEYS/root.pem" "$KEYS/ca.pem"
}

make_leaf() {
  new_key "$1"
  openssl req -new -key "$KEYS/$1.key" -subj "/CN=$1" |
    openssl x509 -req -CA "$KEYS/intermediate.pem" -CAkey "$KEYS/intermediate.key" -CAcreateserial -days 90 -out "$KEYS/$1.pem" \
      -extfile <(printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:%s\n' "$1")
}

new_key() { (umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$KEYS/$1.key"); }

# The tree that goes into the host, laid out like certbot's: archive/ has the files, live/ the links.
stage_keys() {
  local into=$1 site dir
  install -D -m 0600 "$KEYS/ssh_host" "$into/etc/ssh/ssh_host_ed25519_key"
  install -D -m 0644 "$KEYS/ssh_host.pub" "$into/etc/ssh/ssh_host_ed25519_key.pub"
  install -D -m 0600 "$KEYS/ssh_client.pub" "$into/home/$BOX_USER/.ssh/authorized_keys"
  for site in "${BOX_SITES[@]}"; do
    dir=$into/etc/letsencrypt/archive/$site
    mkdir -p "$dir" "$into/etc/letsencrypt/live/$site"
    install -m 0600 "$KEYS/$site.key" "$dir/privkey1.pem"
    install -m 0644 "$KEYS/$site.pem" "$dir/cert1.pem"
    install -m 0644 "$KEYS/intermediate.pem" "$dir/chain1.pem"
    cat "$dir/cert1.pem" "$dir/chain1.pem" >"$dir/fullchain1.pem"
    local name
    for name in privkey cert chain fullchain; do
      ln -sfn "../../archive/$site/${name}1.pem" "$into/etc/letsencrypt/live/$site/$name.pem"
    done
  done
}
