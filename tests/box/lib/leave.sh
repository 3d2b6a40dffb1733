# shellcheck shell=bash
# What `up` leaves in target/box for the bot, for the tests and for the naive scripts.

leave() {
  local ssh_port https_port site sep='' connect='' fingerprint
  ssh_port=$(machine_port 22)
  https_port=$(machine_port 443)
  mkdir -p "$BOX_OUT"
  printf %s box >"$BOX_OUT/aws_key_id"
  printf %s box-secret-key >"$BOX_OUT/aws_secret_key"
  install -m 0600 "$KEYS/ssh_client" "$BOX_OUT/id_ed25519"
  install -m 0644 "$KEYS/ssh_client.pub" "$BOX_OUT/id_ed25519.pub"
  install -m 0644 "$KEYS/ca.pem" "$BOX_OUT/ca.pem"
  printf '[127.0.0.1]:%s %s\n' "$ssh_port" "$(cut -d' ' -f1,2 "$KEYS/ssh_host.pub")" >"$BOX_OUT/known_hosts"
  fingerprint=$(ssh-keygen -lf "$KEYS/ssh_host.pub" | cut -d' ' -f2)
  for site in "${BOX_SITES[@]}"; do
    connect+="$sep\"$site:443\" = \"127.0.0.1:$https_port\""
    sep=', '
  done
  printf '%s=%q\n' BOX_SSH_PORT "$ssh_port" BOX_HTTPS_PORT "$https_port" BOX_USER "$BOX_USER" BOX_NAME "$BOX_NAME" \
    BOX_DIR "$BOX_DIR" BOX_HOST_KEY "$fingerprint" >"$BOX_OUT/env"
  # Written beside and moved: a reader never sees half of it.
  cat >"$BOX_OUT/bot.toml.new" <<TOML
# Made by tests/box/up: Gear Freak's deployment, with every address replaced by the box.
timezone = "Asia/Seoul"
language = "ko"
database = "signoff.db"            # relative to this file
commands = "../../commands"        # relative to this file

[discord]
guild = "1000000000000000001"
token = { env = "DISCORD_TOKEN" }

[roles]
operations = "1000000000000000011"
devops = "1000000000000000012"
infrastructure = "1000000000000000013"

[http]
ca_file = "ca.pem"
connect_to = { $connect }

[sampling]
every = "1 min"

[aws]
region = "ap-northeast-2"
endpoint = "$(cloud_url)"          # moto
key_id = { file = "aws_key_id" }
secret_key = { file = "aws_secret_key" }

[hosts.gear-freak]
title = { ko = "Gear Freak 운영 서버", en = "Gear Freak production" }
transport = "ssh"
address = "127.0.0.1:$ssh_port"
user = "$BOX_USER"
key = { file = "id_ed25519" }
host_key = "$fingerprint"
disks = ["/var/lib/docker"]        # the box's / is an overlay; its real disk is this one
compose_project = "gear_freak"
site = "https://api.gear-freaks.com"
$(<"$CLOUD/ids")
TOML
  mv "$BOX_OUT/bot.toml.new" "$BOX_OUT/bot.toml"
  # Run with sudo, the files still belong to who asked for them.
  [[ -z ${SUDO_UID:-} ]] || chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$BOX_OUT"
}
