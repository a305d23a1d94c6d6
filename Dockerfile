# raft-sim as a small image: built in one stage, copied into another that has neither compiler nor sources, run by a
# user who is not root. No image is published yet: build it, and push it to where it is to run.
#
#   docker build --tag registry.example.com/raft-sim:0.1.0 .
#   docker run --rm registry.example.com/raft-sim:0.1.0 run --seed 42
#   docker run --rm --volume "$PWD:/work" registry.example.com/raft-sim:0.1.0 fuzz --time-budget 10m
#
# The packages of campaigns on a queue are in it. What it writes goes to /work; a folder mounted there must be writable for uid 1000 (or add --user "$(id -u)").

FROM node:22-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY types types
RUN npm run build && find dist -name '*.map' -delete && npm prune --omit=dev --ignore-scripts \
  && npm pkg delete devDependencies peerDependencies peerDependenciesMeta \
  && npm install --no-save --ignore-scripts bullmq@6 ioredis@6

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /opt/raft-sim
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY LICENSE ./
COPY bin bin
COPY schema schema
COPY scenarios scenarios
RUN ln -s /opt/raft-sim/bin/raft-sim.js /usr/local/bin/raft-sim && install --directory --owner=node --group=node /work
USER node
WORKDIR /work
ENTRYPOINT ["raft-sim"]
CMD ["--help"]
