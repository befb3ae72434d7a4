/** Every kind of read: which changes run the check again, and which do not. */
import { describe, expect, it } from 'vitest';
import { Findings } from './evaluate';
import type { Reader } from './rule/reader';
import type { Rule } from './rule/rule';
import { ago, eni, face, network, node, NOW, pod, pool, subnet, world } from '../../e2e/testing/findings';
import { reads } from '../../e2e/testing/watched-rule';

const NODE = 'node:n1';
const POD = pod().id;
const NET = network().id;

const OTHER = 'node:n2';
const other = (change: Parameters<typeof node>[0] = {}) => node({ name: 'n2', ...change });

const asks = pod('p1', {
  requested: [{ index: 0, network: NET, interface: null, ips: [], mac: null, defaultRoute: [] }],
});

describe('a read of one record', () => {
  reads([
    {
      name: 'a network requested by the own pod: it is added',
      own: asks,
      reads: (read) => read.one('networks', NET),
      before: [],
      after: [network()],
      wakes: 'at once',
    },
    {
      name: 'a network requested by the own pod: a count',
      own: asks,
      reads: (read) => read.one('networks', NET),
      before: [network()],
      after: [network('ipvlan-a', { podCount: 9 })],
      wakes: 'not',
    },
    // A record by its id.
    {
      name: 'another record: a field',
      reads: (read) => read.one('nodes', OTHER),
      before: [other()],
      after: [other({ ready: false })],
      wakes: 'at once',
    },
    {
      name: 'another record: a count',
      reads: (read) => read.one('nodes', OTHER),
      before: [other()],
      after: [other({ podCount: 7, pools: [pool({ assigned: 5 })] })],
      wakes: 'not',
    },
    {
      name: 'another record, whole: a count',
      reads: (read) => read.whole('nodes', OTHER),
      before: [other()],
      after: [other({ podCount: 7 })],
      wakes: 'at once',
    },
    {
      name: 'another record: it is deleted',
      reads: (read) => read.one('nodes', OTHER),
      before: [other()],
      after: [],
      wakes: 'at once',
    },
    {
      name: 'a missing record: it is added',
      reads: (read) => read.one('nodes', OTHER),
      before: [],
      after: [other()],
      wakes: 'at once',
    },
    {
      name: 'a missing record: another one is added',
      reads: (read) => read.one('nodes', OTHER),
      before: [],
      after: [node({ name: 'n3' })],
      wakes: 'not',
    },
    {
      name: 'nothing',
      reads: (read) => [read.one('nodes', null), read.whole('enis', null), read.all('podsByNode', null)],
      before: [other()],
      after: [],
      wakes: 'not',
    },
    {
      name: 'a network: the used addresses are a count',
      reads: (read) => read.one('networks', NET),
      before: [network()],
      after: [
        network('ipvlan-a', {
          ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used: 9, size: 254, gateways: [], routes: [] },
        }),
      ],
      wakes: 'not',
    },
  ]);
});

describe('a read of one record', () => {
  reads([
    {
      name: 'a network: its ranges are not a count',
      reads: (read) => read.one('networks', NET),
      before: [network()],
      after: [
        network('ipvlan-a', {
          ipam: { type: 'whereabouts', ranges: ['10.7.0.0/24'], used: 1, size: 254, gateways: [], routes: [] },
        }),
      ],
      wakes: 'at once',
    },
    // Parents of the checked record, which have no edge.
    {
      name: 'the own node: a field',
      reads: (read) => read.one('nodes', NODE),
      before: [node()],
      after: [node({ ready: false })],
      wakes: 'at once',
    },
    {
      name: 'the own node: a count',
      reads: (read) => read.one('nodes', NODE),
      before: [node()],
      after: [node({ podCount: 9 })],
      wakes: 'not',
    },
    {
      name: 'the own node, whole: a count',
      reads: (read) => read.whole('nodes', NODE),
      before: [node()],
      after: [node({ podCount: 9 })],
      wakes: 'at once',
    },
    {
      name: 'the own node: it is deleted',
      reads: (read) => read.one('nodes', NODE),
      before: [node()],
      after: [],
      wakes: 'at once',
    },
    {
      name: 'the own node: it is added',
      reads: (read) => read.one('nodes', NODE),
      before: [],
      after: [node()],
      wakes: 'at once',
    },
    {
      name: 'the own node: unread',
      reads: () => null,
      before: [node()],
      after: [node({ ready: false })],
      wakes: 'not',
    },
    {
      name: 'the pod of an interface',
      scope: 'interfaces',
      own: face(),
      reads: (read) => read.one('pods', POD),
      before: [pod()],
      after: [pod('p1', { deleting: true })],
      wakes: 'at once',
    },
  ]);
});

describe('a read of one record', () => {
  reads([
    {
      name: 'the network of an interface',
      scope: 'interfaces',
      own: face(),
      reads: (read) => read.one('networks', NET),
      before: [network()],
      after: [network('ipvlan-a', { mode: 'l3' })],
      wakes: 'at once',
    },
    {
      name: 'the ENI of an interface',
      scope: 'interfaces',
      own: face(),
      reads: (read) => read.one('enis', face().eni),
      before: [eni(face().eni ?? '')],
      after: [],
      wakes: 'at once',
    },
    {
      name: 'the subnet of an ENI',
      scope: 'enis',
      own: eni(),
      reads: (read) => read.one('subnets', 'subnet-a'),
      before: [subnet()],
      after: [subnet('subnet-a', { tags: { a: 'b' } })],
      wakes: 'at once',
    },
  ]);

  it('of an earlier run triggers no check', () => {
    let runs = 0;
    const rule: Rule<'pods'> = {
      id: 'reads',
      severity: 'info',
      scope: 'pods',
      needs: [],
      check(_pod, { read }) {
        if (runs++ === 0) read.one('nodes', OTHER);
        return [];
      },
    };
    const findings = new Findings([rule]);
    const replica = world([pod(), other()]);
    findings.all(replica, NOW);
    const ready = (is: boolean): number => {
      replica.apply({ nodes: { put: [], patch: [{ id: OTHER, set: { ready: is } }], drop: [] } });
      findings.update(replica, NOW);
      return runs;
    };
    expect([runs, ready(false), ready(true)]).toEqual([1, 2, 2]);
    expect([...findings.reads()]).toEqual([]);
  });
});

describe('a source', () => {
  const look = (reads: (read: Reader) => unknown) => {
    let runs = 0;
    const rule: Rule<'nodes'> = {
      id: 'reads',
      severity: 'info',
      scope: 'nodes',
      needs: [],
      uses: ['kubernetes/events'],
      check(_node, { read }) {
        runs++;
        reads(read);
        return [];
      },
    };
    const findings = new Findings([rule]);
    const replica = world([node()]);
    findings.all(replica, NOW);
    const answer = (asOf: string | null): number => {
      runs = 0;
      replica.apply({ sources: { put: [], patch: [{ id: 'kubernetes/events', set: { asOf } }], drop: [] } });
      // A change of age alone is no change: only what is due is run.
      while ((findings.nextDueAt ?? Infinity) <= NOW) findings.tick(replica, NOW);
      return runs;
    };
    return answer;
  };

  it('triggers a waiting check once its answer is recent enough, and not before', () => {
    const answer = look((read) => read.hasAnsweredSince('kubernetes/events', NOW + 2_000));
    expect([answer(ago(0)), answer(ago(-1)), answer(ago(-2)), answer(ago(-3))]).toEqual([0, 0, 1, 0]);
  });

  it('triggers a check that had a recent answer when there is none any more', () => {
    const answer = look((read) => read.hasAnsweredSince('kubernetes/events', NOW - 2_000));
    expect([answer(ago(0)), answer(null)]).toEqual([0, 1]);
  });

  it('may not be read by a rule that does not depend on it', () => {
    expect(() => look((read) => read.stateOf('kubernetes/pods'))).toThrow('does not heed');
  });
});
