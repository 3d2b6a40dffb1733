# shellcheck shell=bash
# This machine's packages, and where they come from.

# COMMAND:PACKAGE, what the box needs here.
BOX_NEEDS=(
  dockerd:docker.io mmdebstrap:mmdebstrap openssl:openssl ssh:openssh-client ssh-keygen:openssh-client
  curl:curl mkfs.ext4:e2fsprogs iptables:iptables flock:util-linux losetup:mount
)

missing_packages() {
  local need
  for need in "${BOX_NEEDS[@]}"; do
    # An engine that answers already needs no package of ours, whoever made it.
    [[ $need == dockerd:* ]] && docker version >/dev/null 2>&1 && continue
    command -v "${need%%:*}" >/dev/null || echo "${need#*:}"
  done | sort -u
  python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

install_packages() {
  command -v apt-get >/dev/null || die "no apt-get here: the box needs Debian or Ubuntu (missing: $*)"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  # A service that the package starts would be a second engine beside ours where systemd is not init; both are fine.
  apt-get install -y --no-install-recommends "$@"
}

# The machine's own distribution as sources.list lines, whatever format, mirror or proxy it is configured with: the
# base images come from the same place. Foreign repositories (other origins) are left out.
distribution_sources() {
  # shellcheck disable=SC2016 # apt's variables, not the shell's
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v keys="$(archive_keyring)" \
      '($1 == "Debian" || $1 == "Ubuntu") && $3 !~ /-(backports|proposed)/ && !seen[$0]++ {
         print "deb " keys $2, $3, $4 }'
}

archive_keyring() {
  local file
  for file in /usr/share/keyrings/{debian,ubuntu}-archive-keyring.gpg; do
    if [[ -r $file ]] && grep -qi "^ID=$(basename "$file" -archive-keyring.gpg)" /etc/os-release; then
      echo "[signed-by=$file] "
    fi
  done
}

distribution_suite() { (. /etc/os-release && echo "$VERSION_CODENAME"); }
