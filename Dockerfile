# The image of Trove: Bun, the server and what it needs when it runs. docs/operations.md says how it is used;
# `npm run test:image` builds it and tries it.
# The runtime's version is that of package.json; any base with `bun` on its path will do.
ARG BASE_IMAGE=oven/bun:1.4.5-slim

FROM ${BASE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json bun.lock ./
COPY patches patches
# The secret is for who has a registry of their own; without one it is not needed.
RUN --mount=type=secret,id=npmrc,target=/app/.npmrc --mount=type=cache,target=/tmp/packages \
  bun install --production --frozen-lockfile --ignore-scripts --cache-dir=/tmp/packages
# The base brings the runtime. The rest is for compilers and debuggers; that is 150 MB.
RUN cd node_modules && rm -rf .bin bun @oven typescript @typescript @types bun-types undici-types && \
  find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${BASE_IMAGE} AS source
WORKDIR /app
COPY package.json LICENSE ./
COPY src src
COPY jobs jobs
COPY sql sql
COPY scripts/reembed.ts scripts/
COPY scripts/image/healthcheck.ts scripts/image/
# A checkout may be readable by its owner alone; the server runs as somebody else.
RUN chmod -R u=rwX,go=rX /app

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Trove" \
  org.opencontainers.image.description="Save a link; Trove reads it, understands it, groups it with what else you saved, and finds more like it." \
  org.opencontainers.image.version="0.1.0" \
  org.opencontainers.image.licenses="MIT"
# 127.0.0.1 is nobody else's inside a container. The cache is of transpiled files, and has no place to be.
ENV NODE_ENV=production \
  ENVIRONMENT=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  DATA_DIR=/data \
  BUN_RUNTIME_TRANSPILER_CACHE_PATH=0
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=source /app ./
# For the embedded database alone: with DATABASE_URL nothing is written.
RUN mkdir -m 0700 /data && chown 1000:1000 /data
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bun", "scripts/image/healthcheck.ts"]
# The server itself is the first process, so that it hears SIGTERM.
ENTRYPOINT []
CMD ["bun", "src/main.ts"]
