/** Builds the Dockerfile for both architectures, on the stand-in for its base image, into one OCI layout. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ARCHITECTURES, baseOf, buildah, run, type Architecture } from './build';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
export const STAGED = path.join(ROOT, 'out', 'package');
export const BOTH = Object.keys(ARCHITECTURES) as readonly Architecture[];
const LIST = 'localhost/ifscope';

/** The process settings in an image's configuration. */
export interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Labels: Readonly<Record<string, string>>;
}

/** The base image that the Dockerfile names. */
const namedBase = (): string =>
  /^FROM (\S+)/.exec(
    readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8')
      .split(/^(?=FROM )/m)
      .at(-1) ?? '',
  )?.[1] ?? '';

/** The configuration and the manifest of one platform. */
export interface Image {
  /** Its root file system, unpacked. */
  readonly root: string;
  readonly architecture: string;
  readonly os: string;
  readonly config: ImageConfig;
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

export interface Assembled {
  /** Pulls the image of a platform from the index, as a cluster does, and unpacks it. */
  pull(architecture: Architecture): Image;
  remove(): void;
}

/**
 * The first stage of the Dockerfile is `npm ci && npm run package`; here its result is the package that has already
 * been staged.
 */
export function assemble(): Assembled {
  if (!existsSync(STAGED)) throw new Error(`${STAGED} is missing: run "npm run package" first`);
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-image-'));
  const context = path.join(folder, 'build');
  run('mkdir', ['-p', path.join(context, 'src', 'out')]);
  run('cp', ['-a', STAGED, path.join(context, 'src', 'out', 'package')]);
  // Left behind by an aborted run.
  if (buildah('images', '--all', '--quiet', '--filter', `reference=${LIST}`) !== '') buildah('manifest', 'rm', LIST);
  buildah('manifest', 'create', LIST);
  for (const architecture of BOTH)
    buildah(
      ...['build', '--isolation=chroot', '--pull=never', '--timestamp=0', `--platform=linux/${architecture}`],
      ...[
        `--build-context=${namedBase()}=container-image://${baseOf(architecture)}`,
        `--build-context=build=${context}`,
      ],
      ...['--manifest', LIST, ROOT],
    );
  const layout = path.join(folder, 'oci');
  buildah('manifest', 'push', '--all', LIST, `oci:${layout}:ifscope`);
  buildah('manifest', 'rm', LIST);
  buildah('rmi', '--prune');
  return {
    pull: (architecture) => {
      const single = `oci:${path.join(folder, architecture)}:ifscope`;
      const platform = ['--override-os=linux', `--override-arch=${architecture}`];
      run('skopeo', [...platform, 'copy', `oci:${layout}:ifscope`, single]);
      const bundle = path.join(folder, `${architecture}-bundle`);
      run('umoci', ['unpack', '--image', single.slice('oci:'.length), bundle]);
      const inspect = (flag: string): object => JSON.parse(run('skopeo', ['inspect', flag, single])) as object;
      return { ...inspect('--raw'), ...inspect('--config'), root: path.join(bundle, 'rootfs') } as Image;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
