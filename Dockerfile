# Alongside as a container. No key is in the image: compose.yaml mounts it as a secret. Two targets: `slim` (the default) and `full`, with Chromium for image mode.
#   docker build -t alongside .
#   docker build -t alongside:full --target full .

FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN node build.mjs

FROM rust:1-bookworm AS binary
WORKDIR /src
COPY . .
COPY --from=web /src/web/dist web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/alongside /alongside

FROM debian:bookworm-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin alongside \
    && install -d -o alongside -g alongside -m 0750 /data \
    && install -d -m 0755 /config /certs
COPY config/alongside.toml /config/alongside.toml
COPY --from=binary /alongside /usr/local/bin/alongside
ENV ALONGSIDE_STORE__PATH=/data/alongside.db ALONGSIDE_LOG__FORMAT=json
WORKDIR /data
VOLUME ["/data", "/config", "/certs"]
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["alongside", "health", "--config", "/config/alongside.toml"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["alongside"]
CMD ["serve", "--config", "/config/alongside.toml"]

FROM base AS full
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
USER alongside

# Last, so that a build without a target gives it.
FROM base AS slim
USER alongside
