# Build with the development dependencies, run without them.
# The tag gets security fixes and is not the same for ever. For a build that can be repeated, name what the tag stands for now:
#   docker buildx imagetools inspect node:20-bookworm-slim   (says its digest)
#   docker build --build-arg NODE_IMAGE=node:20-bookworm-slim@sha256:DIGEST .
ARG NODE_IMAGE=node:20-bookworm-slim
FROM ${NODE_IMAGE} AS built
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json vitest.config.ts ./
COPY src src
COPY workers workers
COPY scheduler scheduler
COPY stack stack
COPY test test
COPY bench bench
RUN npx tsc

# The demo needs the records that development brings: docker compose --profile demo up
FROM built AS demo
USER node
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["demo", "--listen", "0.0.0.0:9464", "--insecure"]

FROM built AS build
RUN npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/src/http/assets src/http/assets
COPY --from=build /app/dist/workers dist/workers
COPY --from=build /app/dist/scheduler dist/scheduler
USER node
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["run"]
