import path from 'node:path';

/** @type {import('next').NextConfig} */
export default {
  // A lockfile in a parent folder must not move the root (vercel/next.js #98023).
  turbopack: {
    root: import.meta.dirname,
    resolveAlias: Object.fromEntries(
      ['next/dist/compiled/path-to-regexp', '../../../client/script', './script'].map((part) => [
        part,
        { browser: './lib/client/next-unused.ts' },
      ]),
    ),
  },
  outputFileTracingRoot: path.resolve(import.meta.dirname),
  // Bundled as the routes are, so that the package needs the packages of the next line alone.
  bundlePagesRouterDependencies: true,
  serverExternalPackages: ['@kubernetes/client-node', '@aws-sdk/client-ec2', 'undici', 'prom-client'],
  // Types are a gate of `npm test`; the first start on a newcomer's machine need not wait for them.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // Traces what the server needs, for the package and the image (deploy/package).
  output: 'standalone',
  outputFileTracingExcludes: { '*': ['lib/**', 'node_modules/sharp/**', 'node_modules/@img/**'] },
  images: { unoptimized: true },
  devIndicators: false,
  experimental: {
    // More than `lib/cli/page/server.mjs` accepts.
    proxyClientMaxBodySize: '256kb',
    // For moving between the two routers, which the page never does.
    clientRouterFilter: false,
  },
};
