/**
 * Prints the manifest for Krew, the plugin manager of kubectl, for an archive of the package. Krew downloads the
 * archive that `npm publish` uploads, so there is no second archive.
 *
 * npm pack ./out/package  then  npm run --silent krew -- ifscope-0.1.0.tgz > ifscope.yaml
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import rootPackage from '../../package.json' with { type: 'json' };

/** URL of the published archive. */
const REGISTRY = 'https://registry.npmjs.org/ifscope/-/ifscope-VERSION.tgz';
/** Without Windows: Krew requires an executable there, and this is a script. */
const PLATFORMS = ['linux', 'darwin'].flatMap((os) => ['amd64', 'arm64'].map((arch) => ({ os, arch })));

function manifest(archive: string): string {
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
  return stringify({
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'ifscope' },
    spec: {
      version: `v${rootPackage.version}`,
      shortDescription: 'Live map of pod network interfaces on EKS',
      description: `${rootPackage.description}\nWho owns an address, which ENI carries an interface, how full the warm pools are.`,
      caveats: 'Needs Node 22.19 or later on the PATH.',
      platforms: PLATFORMS.map((matchLabels) => ({
        selector: { matchLabels },
        uri: REGISTRY.replace('VERSION', rootPackage.version),
        sha256,
        files: [{ from: 'package/*', to: '.' }],
        bin: 'lib/cli/kubectl-ifscope',
      })),
    },
  });
}

const [archive] = process.argv.slice(2);
if (archive === undefined) {
  console.error('give the archive that npm pack made of the package');
  process.exit(2);
}
process.stdout.write(manifest(archive));
