/** Reads the answers in a capture folder as if the servers had just given them. */
import { byCodeUnit } from '../../model/order';
import { readCaptureFiles } from '../../server/sources/files/capture-source';
import { readCaptureFile } from '../../snapshot/capture/file';
import { rowsOf } from '../../snapshot/capture/kinds';
import type { Answers } from './answers';

const METRICS = '.prom';
const ENIS = '.enis.json';

const nodeOf = (file: string, suffix: string): string => file.slice(file.lastIndexOf('/') + 1, -suffix.length);

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as unknown;
  } catch {
    return null;
  }
}

/**
 * Skips files that cannot be read: the source of the same folder reports them. Throws a `FileProblem` for the folder.
 */
export async function readFolder(folder: string, answers: Answers): Promise<void> {
  const { files } = await readCaptureFiles(folder);
  for (const { path, text } of files.toSorted((a, b) => byCodeUnit(a.path, b.path))) {
    if (path.endsWith(METRICS)) answers.nodeMetrics(nodeOf(path, METRICS), text);
    else if (path.endsWith(ENIS)) answers.enis(nodeOf(path, ENIS), jsonOrNull(text));
    else readJson(text, answers);
  }
}

function readJson(text: string, answers: Answers): void {
  const content = readCaptureFile(text);
  if (content.type === 'ec2') {
    const answer = jsonOrNull(text);
    for (const action of new Set(content.parts.map(({ row }) => row.action)))
      if (typeof answer === 'object' && answer !== null) answers.ec2(action, answer);
  }
  if (content.type === 'kubernetes')
    for (const { group, kind, object } of content.objects)
      for (const { id } of rowsOf(group, kind).slice(0, 1)) answers.kubernetes(id, object);
}
