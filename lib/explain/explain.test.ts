import { describe, expect, it } from 'vitest';
import { answers } from '../../e2e/testing/explain';
import { ago, eni, face, network, node, signal, waitingPod, world } from '../../e2e/testing/findings';
import { aPod } from '../../e2e/testing/records';
import { QUESTION_IDS, QUESTIONS, questionsAbout } from './catalogue';
import { explain } from './explain';
import { READERS } from './readers';
import { readWords } from './words-of-question';

describe('the answer to', () => {
  it('a pod names the sources that could have changed it', () => {
    const [answer] = answers('pod core/w1 address', [node(), waitingPod()], { 'kubernetes/events': 'denied' });
    expect(answer?.unsure).toEqual(['kubernetes/events is denied']);
  });

  it('everything about one record answers all of its questions', () => {
    const said = answers('node n1', [node(), eni()]);
    expect(said.map(({ question }) => question)).toEqual(questionsAbout('node'));
    expect(said[0]?.asked).toBe('Which settings of the VPC CNI take effect on node n1, and which are ignored?');
  });
});

describe('the words of a question', () => {
  it.each([
    ['', /"" cannot be explained: .*pod NAMESPACE\/NAME/],
    ['pod', /pod needs a name/],
    ['pod P_1', /"P_1" names no pod: it is written NAMESPACE\/NAME/],
    ['address 10.0.0.300', /names no address/],
    ['mac 02:00', /names no mac/],
    [
      'node n1 address',
      /"address" cannot be asked about node: ask settings, ipamd, differs, trunk, groups, if NAME=VALUE/,
    ],
    ['node n1 settings now', /"now" is too much/],
    ['node n1 if', /if what\?/],
    ['node n1 if lose-zone=a', /"lose-zone=a" cannot be computed/],
    ['node n1 if WARM_IP_TARGET=-1', /cannot be computed/],
    ['leaked all', /"all" is too much/],
    ['settings', /"settings" cannot be explained/],
  ])('"%s" report the error', (words, says) => {
    expect(readWords(words === '' ? [] : words.split(' '))).toMatch(says);
  });

  it.each([
    ['pod core/p1', 'pod:core/p1'],
    ['pod pod:core/p1', 'pod:core/p1'],
    ['node n1', 'node:n1'],
    ['network core/a', 'net:core/a'],
    ['network cluster', 'cluster'],
    ['po core/p1', 'pod:core/p1'],
    ['pod/core/p1', 'pod:core/p1'],
    ['pod:core/p1', 'pod:core/p1'],
    ['no/n1', 'node:n1'],
    ['node/n1 settings', 'node:n1'],
    ['net-attach-def core/a', 'net:core/a'],
    ['nad/core/a clashes', 'net:core/a'],
    ['eni-0a1 leaked', 'eni-0a1'],
    ['subnet-1 room', 'subnet-1'],
    ['i-0a0000000000000a1', 'node:i-0a0000000000000a1'],
    ['10.0.0.4 who', '10.0.0.4'],
    ['fd00::1', 'fd00::1'],
    ['0a:00:00:00:00:01', '0a:00:00:00:00:01'],
    ['ip 10.0.0.4', '10.0.0.4'],
    ['address ::ffff:10.0.0.4', '10.0.0.4'],
    ['mac 0A-00-00-00-00-01', '0a:00:00:00:00:01'],
    ['finding eni-leaked/eni-1', 'f:eni-leaked/eni-1'],
  ])('"%s" name %s', (words, id) => {
    expect(readWords(words.split(' '))).toMatchObject({ subject: { id } });
  });

  it.each([
    ['pod p1', 'pod:shop/p1'],
    ['pod/p1 where', 'pod:shop/p1'],
    ['pod core/p1', 'pod:core/p1'],
    ['pod pod:core/p1', 'pod:core/p1'],
    ['nad a', 'net:shop/a'],
    ['node n1', 'node:n1'],
  ])('"%s" in namespace shop name %s', (words, id) => {
    expect(readWords(words.split(' '), 'shop')).toMatchObject({ subject: { id } });
  });

  it.each([
    ['core/p1', 'pod:core/p1', null],
    ['why does core/p1 have no IP?', 'pod:core/p1', 'address'],
    ['on which ENI is core/p1 really?', 'pod:core/p1', 'where'],
    ['whose is "10.0.0.4"?', '10.0.0.4', 'who'],
    ['what is left in subnet-0a?', 'subnet-0a', 'room'],
    ['is eni-0a leaked', 'eni-0a', 'leaked'],
  ])('in natural language: %s', (words, id, question) => {
    expect(readWords(words.split(' '))).toMatchObject({ subject: { id }, ...(question === null ? {} : { question }) });
  });

  it('identify a node by its instance as well, and only existing records', () => {
    const asked = readWords(['node', 'i-0a0000000000000a1']);
    if (typeof asked === 'string') throw new Error(asked);
    expect(explain(world([node()]), asked)).toMatchObject({ subject: { id: 'node:n1' } });
    expect(explain(world([]), asked)).toBe('no such node: i-0a0000000000000a1');
  });
});

describe('a name without a record', () => {
  const said = signal('pod:shop/late', 'FailedCreatePodSandBox', 'no address');
  const older = signal('pod:shop/late', 'FailedScheduling', 'no room', { lastAt: ago(60) });
  const notAnEvent = signal('pod:shop/late', 'policy-for', 'a/b', { lastAt: null });
  const ask = (words: string, states: Parameters<typeof world>[1] = {}) => {
    const asked = readWords(words.split(' '));
    if (typeof asked === 'string') throw new Error(asked);
    return explain(world([older, said, notAnEvent, signal('pod:shop/later', 'Failed', 'other')], states), asked);
  };
  const UNREAD = { 'kubernetes/pods': 'absent', 'kubernetes/nodes': 'denied' } as const;

  it.each([
    ['pod shop/none', {}, 'no such pod: shop/none'],
    ['pod shop/none', UNREAD, 'no such pod: shop/none; not certain: kubernetes/pods is absent'],
    ['node n1', UNREAD, 'no such node: n1; not certain: kubernetes/nodes is denied'],
    [
      'pod shop/late',
      UNREAD,
      'no such pod: shop/late; event FailedCreatePodSandBox: no address; event FailedScheduling: no room; not certain: kubernetes/pods is absent',
    ],
    [
      'late',
      {},
      'no pod, node or network is named late; event FailedCreatePodSandBox: no address; event FailedScheduling: no room',
    ],
  ])('%s, %j', (words, states, answer) => expect(ask(words, states)).toBe(answer));
});

describe('a name without a namespace', () => {
  const records = [
    node(),
    waitingPod('web-1'),
    aPod('core', 'api', {}),
    aPod('shop', 'api', {}),
    aPod('shop', 'n1', {}),
    network('storage'),
    face('net1', { podName: 'web-1' }),
  ];
  const said = (words: string) => {
    const asked = readWords(words.split(' '));
    const told = typeof asked === 'string' ? asked : explain(world(records), asked);
    return typeof told === 'string'
      ? told
      : { id: told.subject.id, questions: told.answers.map(({ question }) => question) };
  };

  it.each([
    ['pod web-1', 'pod:core/web-1', ['address', 'where', 'who']],
    ['pod web-1 where', 'pod:core/web-1', ['where']],
    ['web-1', 'pod:core/web-1', ['address', 'where', 'who']],
    ['web-1 address', 'pod:core/web-1', ['address']],
    ['why has web-1 no address?', 'pod:core/web-1', ['address']],
    ['network storage', 'net:core/storage', ['clashes']],
    ['storage', 'net:core/storage', ['clashes']],
    ['interface web-1/net1', 'if:core/web-1/net1', ['where', 'who']],
    ['node n1 settings', 'node:n1', ['settings']],
  ])('"%s" is sufficient if only one record has that name: %s', (words, id, questions) => {
    expect(said(words)).toEqual({ id, questions });
  });

  it.each([
    ['pod api', 'api is the name of pod core/api, pod shop/api: say which, with its namespace'],
    ['n1', 'n1 is the name of node n1, pod shop/n1: say which, with its namespace'],
    ['pod web', 'no pod is named web; these names contain it: pod core/web-1'],
    ['pod nothing', 'no pod is named nothing'],
    ['web-1 trunk', '"trunk" cannot be asked about pod: ask address, where, who'],
  ])('"%s" lists the candidates', (words, problem) => {
    expect(said(words)).toBe(problem);
  });
});

it('each question has a reader for every kind that it applies to', () => {
  expect(QUESTION_IDS).toHaveLength(12);
  for (const id of QUESTION_IDS) expect(Object.keys(READERS[id]).sort()).toEqual([...QUESTIONS[id].about].sort());
});
