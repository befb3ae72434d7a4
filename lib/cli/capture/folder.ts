/** Reads the answers in a capture folder or archive as if the servers had just returned them. */
import { byCodeUnit } from '../../model/order';
import { ENIS, INSTANCES } from '../../model/source-ids';
import { UNKNOWN_TIME } from '../../model/unknown-time';
import { readAgentLog } from '../../normalise/aws-node/agent-log';
import { normaliseOwnEnis } from '../../normalise/ec2/instance';
import { fields, items } from '../../normalise/read/guards';
import { readCaptureFiles } from '../../server/sources/files/capture-source';
import { cardOfPath, nodeOfPath } from '../../snapshot/capture/aws-node';
import { writeEksCluster } from '../../snapshot/capture/eks';
import { readCaptureFile } from '../../snapshot/capture/file';
import type { FileContent } from '../../snapshot/capture/file';
import { keptSettings } from '../../snapshot/capture/ipamd-settings';
import { rowsOf } from '../../snapshot/capture/kinds';
import { MANIFEST, readManifest } from '../../snapshot/capture/manifest';
import { withTimes } from '../../snapshot/capture/printed-events';
import { takenAtOf } from '../../snapshot/capture/read';
import type { Answers } from './answers';

/** Skips unreadable files, which the source of the same folder reports. Throws a `FileProblem` for the folder. */
export async function readFolder(folder: string, answers: Answers): Promise<void> {
  const { files } = await readCaptureFiles(folder);
  const found: (readonly [path: string, content: FileContent])[] = [];
  const manifest = readManifest(files.find(({ path }) => path === MANIFEST)?.text ?? null);
  const takenAt = Date.parse(
    takenAtOf(
      manifest,
      files.filter(({ path }) => path !== MANIFEST),
    ) ?? UNKNOWN_TIME,
  );
  for (const { path, text } of files.toSorted((a, b) => byCodeUnit(a.path, b.path))) {
    if (path.endsWith('.prom')) answers.nodeMetrics(nodeOfPath(path), text);
    else for (const content of readCaptureFile(text)) found.push([path, content]);
  }
  const listed = new Set(elementsOf(found, ENIS).map((eni) => fields(eni)['NetworkInterfaceId']));
  const areListed = elementsOf(found, INSTANCES)
    .flatMap(normaliseOwnEnis)
    .every(({ id }) => listed.has(id));
  const inInstances = areListed ? [] : [(list: unknown) => items(list).map(normaliseOwnEnis)];
  for (const [path, content] of found) take(path, inTime(content, takenAt), answers, inInstances);
}

/** The content as of `takenAt`, epoch milliseconds: printed Events with times for ages, ipamd’s log as metrics. */
function inTime(content: FileContent, takenAt: number): FileContent {
  if (content.type === 'kubernetes')
    return { ...content, objects: content.objects.map((one) => ({ ...one, object: withTimes(one.object, takenAt) })) };
  const log = content.type === 'log' ? readAgentLog(content.text, takenAt) : null;
  return log === null ? content : { type: 'metrics', text: log.metrics, line: content.line };
}

/** The elements of all answers to a call. */
const elementsOf = (found: readonly (readonly [string, FileContent])[], source: string): readonly unknown[] =>
  found.flatMap(([, one]) =>
    one.type === 'ec2' ? one.parts.flatMap(({ row, list }) => (row.id === source ? items(list) : [])) : [],
  );

/** `inInstances`: further readers of instances, unless another answer contains all their ENIs. */
function take(
  path: string,
  content: FileContent,
  answers: Answers,
  inInstances: readonly ((list: unknown) => unknown)[],
): void {
  switch (content.type) {
    case 'ec2':
      for (const { row, key, list } of content.parts)
        answers.ec2(row.action, { [key]: list }, row.id === INSTANCES ? inInstances : []);
      return;
    case 'kubernetes':
      for (const { group, kind, object } of content.objects) {
        const [row] = rowsOf(group, kind);
        if (row === undefined) answers.owner(group, kind, object);
        else answers.kubernetes(row.id, object);
      }
      return;
    case 'metrics':
      answers.nodeMetrics(unused(nodeOfPath(path), answers.nodeTexts), content.text);
      return;
    case 'enis':
      answers.enis(unused(nodeOfPath(path), answers.nodeEnis), content.answer);
      return;
    case 'checkpoint': {
      const card = cardOfPath(path);
      const file = `${nodeOfPath(path)}.ipam${card === 0 ? '' : `-nic-${card}`}`;
      answers.checkpoint(unused(file, answers.checkpoints), content.answer);
      return;
    }
    case 'settings':
      answers.settings.set(unused(path, answers.settings), keptSettings(content.answer));
      return;
    case 'eks':
      answers.eks = writeEksCluster(content.cluster);
      return;
    // The manifest has the cluster's VPC and version.
    case 'vpc':
    case 'version':
    case 'log':
    case 'unreadable':
  }
}

/** One file may contain the answers of several nodes, which are distinguished by their ENIs. */
function unused(name: string, taken: ReadonlyMap<string, unknown>): string {
  for (let number = 1; ; number++) {
    const key = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(key)) return key;
  }
}
