/** Reads the answers in a capture folder or archive as if the servers had just returned them. */
import { byCodeUnit } from '../../model/order';
import { ENIS, INSTANCES } from '../../model/source-ids';
import { normaliseOwnEnis } from '../../normalise/ec2/instance';
import { items } from '../../normalise/read/guards';
import { readCaptureFiles } from '../../server/sources/files/capture-source';
import { cardOfPath, nodeOfPath } from '../../snapshot/capture/aws-node';
import { readCaptureFile } from '../../snapshot/capture/file';
import type { FileContent } from '../../snapshot/capture/file';
import { rowsOf } from '../../snapshot/capture/kinds';
import type { Answers } from './answers';

/** Skips unreadable files, which the source of the same folder reports. Throws a `FileProblem` for the folder. */
export async function readFolder(folder: string, answers: Answers): Promise<void> {
  const { files } = await readCaptureFiles(folder);
  const found: (readonly [path: string, content: FileContent])[] = [];
  for (const { path, text } of files.toSorted((a, b) => byCodeUnit(a.path, b.path))) {
    if (path.endsWith('.prom')) answers.nodeMetrics(nodeOfPath(path), text);
    else for (const content of readCaptureFile(text)) found.push([path, content]);
  }
  const hasEnis = found.some(([, one]) => one.type === 'ec2' && one.parts.some(({ row }) => row.id === ENIS));
  const inInstances = hasEnis ? [] : [(list: unknown) => items(list).map(normaliseOwnEnis)];
  for (const [path, content] of found) take(path, content, answers, inInstances);
}

/** `inInstances`: further readers of instances, if no other answer contains their ENIs. */
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
      for (const { group, kind, object } of content.objects)
        for (const { id } of rowsOf(group, kind).slice(0, 1)) answers.kubernetes(id, object);
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
    // The manifest has the cluster's VPC.
    case 'vpc':
    case 'settings':
    case 'eks':
    case 'version':
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
