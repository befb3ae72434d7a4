/** Answers that were quoted or indented, as in a mail, an issue or a chat. */
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { podObject } from '../../../e2e/testing/objects';
import { readCaptureFile } from './file';

const pod = (name: string): object => podObject({ metadata: { name, namespace: 'shop', uid: name } }) as object;
const LIST = { apiVersion: 'v1', items: [pod('a'), pod('b')], kind: 'List', metadata: {} };
const YAML = stringify(LIST).trimEnd();
const JSON_TEXT = JSON.stringify(LIST, null, 4);
const METRICS = '# HELP awscni_total_ip_addresses The total\nawscni_total_ip_addresses 12';

/** Names of the pods that are read, other contents by type, and the reports about the rest with their lines. */
function read(text: string) {
  const found = readCaptureFile(text);
  return {
    pods: found.flatMap((one) =>
      one.type === 'kubernetes'
        ? one.objects.map(({ object }) => (object as { readonly metadata: { readonly name: string } }).metadata.name)
        : one.type === 'unreadable'
          ? []
          : [one.type],
    ),
    said: found.flatMap((one) =>
      one.type === 'unreadable' && one.sort !== 'foreign' ? [`${one.line}: ${one.reason}`] : [],
    ),
  };
}

const before = (sign: string, text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? sign.trimEnd() : sign + line))
    .join('\n');

const AB = { pods: ['a', 'b'], said: [] };

describe.each([
  ['YAML', YAML],
  ['JSON', JSON_TEXT],
  ['two documents', `${stringify(pod('a'))}---\n${stringify(pod('b'))}`],
  ['a code fence', `\`\`\`yaml\n${YAML}\n\`\`\``],
  ['a tilde fence', `~~~\n${YAML}\n~~~`],
  ['a command', `$ kubectl get pods -A -o yaml\n${YAML}\n$ `],
  ['consecutive objects', `${JSON.stringify(pod('a'), null, 2)}\n${JSON.stringify(pod('b'), null, 2)}`],
])('%s', (_what, text) => {
  it.each([
    ['quoted', before('> ', text)],
    ['quoted without a space', before('>', text)],
    ['quoted twice', before('> > ', text)],
    ['quoted twice, as in mail', before('>> ', text)],
    ['quoted, with text around', `Alice wrote:\n${before('> ', `See:\n\n${text}\n\nIs that right?`)}\n\nYes, it is.\n`],
    ['quoted, with text directly after it', `${before('> ', text)}\nThat looks wrong to me.\n`],
    ['indented', before('    ', text)],
    ['indented by a tab', before('\t', text)],
    ['indented by non-breaking spaces', before('\u00a0\u00a0', text)],
    ['indented, with text around', `This is the pod, as asked:\n\n${before('    ', text)}\n\nIt never starts.\n`],
    ['indented below a label', `pods:\n\n${before('    ', text)}\n`],
    ['indented in a list', `1. The pods are\n   as follows:\n\n${before('     ', text)}\n\n2. Nothing else.\n`],
    ['indented and quoted', `> Here:\n>\n${before('>     ', text)}\n`],
    ['with Windows line ends', before('> ', text).replaceAll('\n', '\r\n')],
    ['in a fence, indented', `Text.\n\`\`\`\n${before('  ', text)}\n\`\`\`\nMore text.\n`],
  ])('%s', (_how, posted) => expect(read(posted)).toEqual(AB));
});

it('reads metrics that are quoted or indented', () => {
  for (const posted of [before('> ', METRICS), `Metrics:\n\n${before('    ', METRICS)}\n`])
    expect(read(posted)).toEqual({ pods: ['metrics'], said: [] });
});

it('reads one quoted answer, one unquoted and one indented', () => {
  const posted = `${before('> ', stringify(pod('a')))}\n${stringify(pod('b'))}\nAnd:\n\n${before('    ', JSON.stringify(pod('c'), null, 2))}\n`;
  expect(read(posted)).toEqual({ pods: ['a', 'b', 'c'], said: [] });
});

describe('the line of an error', () => {
  const damaged = `${stringify(pod('a'))}---\nkind: Pod\nmetadata: {name: x\n`;
  const at = damaged.split('\n').findIndex((line) => line.startsWith('metadata: {')) + 1;

  it.each([
    ['in an unchanged file', damaged, 0],
    ['quoted', before('> ', damaged), 0],
    ['indented, after two lines', `Hello,\n\n${before('    ', damaged)}`, 2],
  ])('%s', (_how, posted, more) => {
    const { pods, said } = read(posted);
    expect(pods).toEqual(['a']);
    expect(said).toHaveLength(1);
    // YAML names the end of the document where a brace is not closed.
    expect(Number(said[0]?.split(':')[0]) - more).toBeGreaterThanOrEqual(at);
    expect(Number(said[0]?.split(':')[0]) - more).toBeLessThanOrEqual(at + 1);
  });

  it('is that of the file if truncated', () => {
    const cut = JSON_TEXT.slice(0, JSON_TEXT.indexOf('"name": "b"'));
    const posted = `Hello,\n${before('> ', cut)}`;
    expect(read(posted)).toEqual({
      pods: ['a'],
      said: [`${posted.split('\n').length}: ends too early: what is complete before is read; take it again`],
    });
  });
});

describe('the content of an answer is not taken for an answer', () => {
  const inner = `${stringify(pod('inner'))}\nkind: Pod\n`;
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { 'a.yaml': inner } };

  it.each([
    ['in a string with lines of its own', stringify([config, pod('a'), pod('b')])],
    [
      'in a string after an empty line',
      stringify({ ...LIST, items: [{ ...config, data: { x: `\n\n${inner}` } }, ...LIST.items] }),
    ],
    ['indented as a whole', before('    ', stringify([config, pod('a'), pod('b')]))],
  ])('%s', (_what, text) => {
    const { pods, said } = read(text);
    expect(pods.filter((name) => name !== 'c')).toEqual(['a', 'b']);
    expect(said).toEqual([]);
  });
});

it('ignores curl’s own output, and reads what follows', () => {
  const said = ['> GET /v1/enis HTTP/1.1', '> Host: localhost:61679', '>', '< HTTP/1.1 200 OK', '<'].join('\n');
  expect(read(`${said}\n${JSON_TEXT}\n`).pods).toEqual(['a', 'b']);
});

describe('a placeholder for omitted parts is skipped and reported', () => {
  const SIGNS = ['...', '....', '…', '[...]', '<snip>', '# ...', '(output omitted)', '...,'];
  const lines = JSON_TEXT.split('\n');
  const last = lines.findIndex((line) => line === '    ],');

  it.each(SIGNS)('%s', (sign) => {
    const yaml = YAML.replace('metadata:\n', `metadata:\n      ${sign}\n`);
    const json = [...lines.slice(0, last - 1), `${lines[last - 1] ?? ''},`, `        ${sign}`, ...lines.slice(last)];
    for (const text of [yaml, json.join('\n')]) {
      const at = text.split('\n').findIndex((line) => line.trim() === sign) + 1;
      expect(read(text)).toEqual({
        pods: ['a', 'b'],
        said: [`${at}: stands for a part that was left out; what is around it is read`],
      });
    }
  });

  it('but the end of a YAML document is not a placeholder', () => {
    expect(read(`${stringify(pod('a'))}...\n${stringify(pod('b'))}`)).toEqual(AB);
  });
});
