# A small image that holds the program and nothing else: no shell, no user, no library.
#
#   docker build -t signoff .
#   docker run -d --name signoff --read-only --cap-drop ALL --security-opt no-new-privileges \
#     -v /srv/signoff:/data -e DISCORD_TOKEN signoff
#
# /srv/signoff holds bot.toml, commands/, the SSH key and the database; it must belong to the user 65534 (nobody).
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM scratch
COPY --from=build /src/target/release/signoff /signoff
USER 65534:65534
WORKDIR /data
VOLUME /data
ENTRYPOINT ["/signoff"]
CMD ["run", "--config", "/data/bot.toml"]
