# A small image that holds the program and what it is linked to, and nothing else: no shell, no package, no user but nobody.
#
#   docker build -t signoff .
#   docker run -d --name signoff --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -v /srv/signoff:/data -e DISCORD_TOKEN signoff
#
# /srv/signoff holds bot.toml, commands/, holidays/, the SSH key and the database; it must belong to the user 65534 (nobody).
# The certificate authorities of the web are in the program itself.
FROM rust:1.95 AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --no-default-features && tests/image/layout target/release/signoff /image

# What tests/image/try makes as well, of a program that was built elsewhere.
FROM scratch
COPY --from=build /image /
USER 65534:65534
WORKDIR /data
VOLUME /data
# One heap for all threads: see docs/signoff.service.
ENV MALLOC_ARENA_MAX=1 MALLOC_TOP_PAD_=4096 MALLOC_TRIM_THRESHOLD_=32768
ENTRYPOINT ["/signoff"]
CMD ["run", "--config", "/data/bot.toml"]
