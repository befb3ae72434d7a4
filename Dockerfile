# The image: the output of `npm run package` on distroless Node 24. No shell, no package manager, no install script, uid 65532; it
# runs with a read-only root file system. Every architecture can build every other one: the package contains only JavaScript.
#
#   docker buildx build --platform linux/amd64,linux/arm64 --tag REGISTRY/ifscope --push .
#
# Bill of materials and licences: /ifscope/sbom.cdx.json, /ifscope/THIRD-PARTY-LICENSES.txt.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit
COPY . .
RUN node_modules/.bin/tsx deploy/package/build.ts

FROM gcr.io/distroless/nodejs24-debian12:nonroot
COPY --from=build --chown=0:0 /src/out/package /ifscope
WORKDIR /ifscope
USER 65532:65532
ENV NODE_ENV=production
LABEL org.opencontainers.image.title="ifscope" \
      org.opencontainers.image.description="The live map of every pod network interface in a Kubernetes cluster" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
EXPOSE 3000
ENTRYPOINT ["/nodejs/bin/node", "/ifscope/lib/cli/ifscope.mjs"]
CMD ["serve"]
