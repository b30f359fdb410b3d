# Build with the development dependencies, run without them.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json vitest.config.ts ./
COPY src src
COPY workers workers
COPY scheduler scheduler
COPY stack stack
COPY test test
RUN npx tsc && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
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
