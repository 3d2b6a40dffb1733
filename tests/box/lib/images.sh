# shellcheck shell=bash
# Images without a registry. A base (the distribution plus a list of packages) is bootstrapped and imported; what is
# ours goes on top with `docker build`. Each is tagged with a hash of what it is made of, how included: no change, no work.

# A list of packages may have comments; several lists are one.
packages_of() { cat "$@" | sed 's/#.*//' | tr -s ' \t\n' '\n' | sed '/^$/d' | sort -u; }
host_packages() { packages_of "$BOX_SRC"/host/*/packages; }
services_packages() { packages_of "$BOX_SRC"/services/packages; }

short_hash() { sha256sum | cut -c1-16; }

# Every file below a folder: its path, its content, whether it can be executed (a clone's other modes are its umask's).
tree_hash() {
  (cd "$1" && find . -type f -perm /100 | LC_ALL=C sort && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | short_hash
}

# stage FROM TO: a tree of ours into another, with the modes it has in git.
stage() {
  mkdir -p "$2"
  cp -r "$1/." "$2/"
  chmod -R u=rwX,go=rX "$2"
}

base_tag() {
  local kind=$1
  printf '%s/%s-base:%s' "$BOX_NAME" "$kind" "$({ distribution_suite && "${kind}_packages" && declare -f bootstrap; } | short_hash)"
}
host_tag() { printf '%s/host:%s' "$BOX_NAME" "$({ base_tag host && tree_hash "$BOX_SRC/host" && keys_hash && declare -f make_host stage stage_keys; } | short_hash)"; }
services_hash() { { base_tag services && tree_hash "$BOX_SRC/services" && declare -f make_services stage; } | short_hash; }
# services_archive HASH: where that one is kept.
services_archive() { printf '%s/cache/services-%s.tar' "$BOX_DIR" "$1"; }
keys_hash() { sha256sum "$KEYS"/*.pem "$KEYS"/*.pub | short_hash; }

have_image() { docker image inspect "$1" >/dev/null 2>&1; }

# bootstrap KIND: prints the base as a tar. Documentation and translations are left out, and PostgreSQL's JIT (110 MB).
bootstrap() {
  local kind=$1 proxy
  mapfile -t proxy < <(apt-config dump | sed -n '/^Acquire::https\?::Proxy /s/^/--aptopt=/p')
  distribution_sources | mmdebstrap --mode=root --variant=minbase --format=tar \
    --include="$("${kind}_packages" | paste -sd,)" \
    --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/i18n/*' \
    --dpkgopt='path-exclude=/usr/lib/*/libLLVM*' --dpkgopt='path-exclude=/usr/lib/*/libz3*' \
    --dpkgopt='path-exclude=/usr/lib/postgresql/*/lib/bitcode/*' \
    "${proxy[@]}" \
    "$(distribution_suite)" - -
}

# make_bases KIND...: at the same time; half of it is waiting for the mirror.
make_bases() {
  local kind pid pids=()
  for kind in "$@"; do
    make_base "$kind" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
}

make_base() {
  local tag
  tag=$(base_tag "$1")
  # Through a file: `docker import` takes a broken stream for a whole one.
  bootstrap "$1" >"$BOX_DIR/cache/$1-base.tar"
  docker import "$BOX_DIR/cache/$1-base.tar" "$tag"
  rm -f "$BOX_DIR/cache/$1-base.tar"
  drop_other_tags "$BOX_NAME/$1-base" "$tag"
}

# What a build leaves when its ingredients change would fill the machine bit by bit.
drop_other_tags() {
  local tag
  docker image ls --format '{{.Repository}}:{{.Tag}}' "$1" | while read -r tag; do
    [[ $tag == "$2" ]] || docker image rm "$tag" || true
  done
}

# The host's parts, each a folder below host/: files/ is copied to /, setup runs once in the image; on the running host
# healthy is asked, and heal puts the part back into its known state. Order is by name.
make_host() {
  local context=$BOX_DIR/build/host part name act
  rm -rf "$context"
  mkdir -p "$context"/{files,setup.d}
  for part in "$BOX_SRC"/host/*/; do
    name=$(basename "$part")
    [[ ! -d $part/files ]] || stage "$part/files" "$context/files"
    [[ ! -f $part/setup ]] || install -m 0755 "$part/setup" "$context/setup.d/$name"
    for act in healthy heal; do
      [[ ! -f $part/$act ]] || install -D -m 0755 "$part/$act" "$context/files/usr/local/lib/box/$act.d/$name"
    done
  done
  stage_keys "$context/files"
  cat >"$context/Dockerfile" <<DOCKERFILE
FROM $(base_tag host)
COPY files/ /
COPY setup.d /tmp/setup.d
RUN set -e; for part in /tmp/setup.d/*; do echo "== \$part"; bash -euo pipefail "\$part"; done; rm -rf /tmp/setup.d
ENV container=docker
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
DOCKERFILE
  docker build --network none -t "$(host_tag)" "$context"
  rm -rf "$context"
}

# The services' images as one archive, which the inner engine loads. Here they have names of ours: a developer's machine
# may well have Gear Freak's own image. What is left here is the base; from there a build takes seconds.
make_services() {
  local context=$BOX_DIR/build/services service archive images=()
  rm -rf "$context"
  stage "$BOX_SRC/services" "$context"
  for service in "${BOX_SERVICES[@]}"; do
    images+=("$BOX_NAME/$service")
    docker build --network none --build-arg "BASE=$(base_tag services)" -t "$BOX_NAME/$service" "$context/$service"
  done
  rm -rf "$context"
  archive=$(services_archive "$(services_hash)")
  docker save -o "$archive.new" "${images[@]}"
  docker image rm "${images[@]}"
  rm -f "$BOX_DIR"/cache/services-*.tar
  mv "$archive.new" "$archive"
}

# The name that an image has in the host, where the compose file looks for it: in its Dockerfile's first line.
service_image() { sed -n '1s/^# image: //p' "$BOX_SRC/services/$1/Dockerfile"; }

# Into the host, if they are not there (a new disk; a prune): under their own names.
load_services() {
  local service names=()
  for service in "${BOX_SERVICES[@]}"; do names+=("$(service_image "$service")"); done
  if in_box docker image inspect "${names[@]}" >/dev/null 2>&1; then return; fi
  docker exec -i "$BOX_NAME" docker load <"$(services_archive "$(machine_services)")"
  for service in "${BOX_SERVICES[@]}"; do
    in_box docker tag "$BOX_NAME/$service" "$(service_image "$service")"
    in_box docker image rm "$BOX_NAME/$service"
  done
}
