/** `ifscope capture --from` of posted captures: the reduced capture reads the same, including which lists are partial. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { capture } from '../../lib/cli/capture/record';
import type { Topology } from '../../lib/model/records';
import type { CaptureFile } from './captures/kit/cluster';
import { filesOf } from './captures/kit/files';
import { readFiles } from './captures/kit/read';
import { SITUATIONS } from './captures/situations/index';

const base = mkdtempSync(path.join(tmpdir(), 'ifscope-again-'));
afterAll(() => rmSync(base, { recursive: true }));

async function captured(files: readonly CaptureFile[], name: string): Promise<readonly CaptureFile[]> {
  const from = path.join(base, name, 'from');
  const folder = path.join(base, name, 'again');
  for (const file of files) {
    mkdirSync(path.dirname(path.join(from, file.path)), { recursive: true });
    writeFileSync(path.join(from, file.path), file.text);
  }
  const output = { out: () => Promise.resolve(), err: () => undefined };
  await capture({ kind: 'capture', folder: from }, { folder, redact: false, seconds: 20, output });
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ path: path.relative(folder, file), text: readFileSync(file, 'utf8') }));
}

/** Without parts that concern the files themselves and are therefore in no file of a capture. */
const compared = ({ sources, ...records }: Topology): unknown => ({
  ...records,
  cluster: null,
  takenAt: null,
  sources: sources
    .filter(({ id }) => id !== 'capture/files')
    .map(({ id, state, partial }) => `${id} ${state}${partial ? ', a part' : ''}`),
});

it.each([
  'pods of two namespaces, each alone',
  'pods of kube-system and the list of ipamd',
  'one ENIConfig of two',
  'one network of two',
  'one ENI in a list, and branch ENIs',
  'ENIs of the subnet of the nodes',
  'only Events of a pod',
  'networks of one namespace, a pod of another',
  'hybrid node',
  'CloneSet at rest',
  'VirtualMachinePool at rest',
  'range in the Service CIDR of describe-cluster',
  'webhook that times out',
  'FailedCreate as kubectl describes it',
  'ipamd.log: the subnet is empty',
  'MAC under another key',
])('%s', async (name) => {
  const make = SITUATIONS[name];
  if (make === undefined) throw new Error(`no situation ${name}`);
  const files = filesOf(make().cluster);
  const again = await readFiles(await captured(files, name));
  expect(compared(again.topology)).toEqual(compared((await readFiles(files)).topology));
});
