/**
 * The same captures with a part left out, since any part of a capture may be missing. The result may say less, but never
 * something different: no other ENI, no invented count, no finding that the whole capture does not have.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { CAPTURES } from './captures/index';
import { filesOf } from './captures/kit/files';
import { readFiles, type Read } from './captures/kit/read';

const PARTS: readonly (readonly [what: string, path: RegExp])[] = [
  ['EC2', /^ec2\//],
  ['ENIs', /^ec2\/enis/],
  ['all EC2 answers except the ENIs', /^ec2\/(?!enis)/],
  ['instances', /^ec2\/instances/],
  ['instance types', /^ec2\/types/],
  ['subnets', /^ec2\/subnets/],
  ['nodes', /^kubernetes\/nodes/],
  ['DaemonSets', /^kubernetes\/daemonsets/],
  ['pods and all the rest', /^kubernetes\/rest/],
  ['Kubernetes', /^kubernetes\//],
  ['the answers of aws-node', /^aws-node\//],
  ['the manifest', /^capture\.json$/],
];

/**
 * Of nodes whose pods get their addresses from ipamd's pool: what needs EC2's ENIs, or the instance that a node is. What ipamd itself tells of
 * a pool stands, if it is what the whole capture says.
 */
function counted({ topology }: Read, whole: Read): string[] {
  const pools = new Map(
    whole.topology.nodes.flatMap(({ id, pools: all }) =>
      all.map((pool) => [`${id} ${String(pool.card)}`, pool] as const),
    ),
  );
  return topology.nodes
    .filter(({ pools: all }) => all.length > 0)
    .flatMap((node) => [
      ...node.pools
        .filter((pool) => {
          const same = pools.get(`${node.id} ${String(pool.card)}`);
          return (['total', 'assigned', 'low', 'next'] as const).some(
            (field) => pool[field] !== null && pool[field] !== same?.[field],
          );
        })
        .map(({ card }) => `${node.id} pool ${String(card)}`),
      ...(node.eniSlots.used === null ? [] : [`${node.id} slots`]),
      ...(node.headroom.pods === null ? [] : [`${node.id} headroom`]),
    ]);
}

const isNodeless = (problem: string): boolean => problem.includes('belongs to a node, and the capture has none');

describe.each(Object.entries(CAPTURES))('%s without', (_name, make) => {
  const files = filesOf(make());
  let whole: Read;
  beforeAll(async () => {
    whole = await readFiles(files);
  });

  it.each(PARTS)('%s', async (what, path) => {
    const left = files.filter((file) => !path.test(file.path));
    if (left.every((file) => file.path === 'capture.json')) {
      await expect(readFiles(left)).rejects.toThrow(/capture/);
      return;
    }
    const part = await readFiles(left);
    // An answer of aws-node belongs to a node: where none is left, it is said instead of being lost.
    const lacksNodes = ['nodes', 'Kubernetes'].includes(what);
    expect(part.problems.filter((problem) => !lacksNodes || !isNodeless(problem))).toEqual(whole.problems);
    const isSaid = lacksNodes && left.some((file) => file.path.startsWith('aws-node/'));
    expect(part.problems.some(isNodeless)).toBe(isSaid);

    const enis = new Map(whole.topology.interfaces.map((face) => [face.id, face.eni] as const));
    const other = part.topology.interfaces.filter(
      (face) => face.eni !== null && face.link.certainty === 'observed' && face.eni !== enis.get(face.id),
    );
    expect(other.map(({ id, eni }) => `${id} ${String(eni)}`)).toEqual([]);

    const known = new Set(whole.topology.findings.map(({ id }) => id));
    // Without its own aws-node pod a node is taken to be set as the DaemonSet says, which a roll-out may contradict.
    const ofDaemonSet = what === 'pods and all the rest' ? ['metrics-untrusted'] : [];
    // With less to go by, a pod that waits is told of without the cause, and one on its node's address by the node.
    const errors = new Set(
      whole.topology.findings.flatMap(({ severity, subjects }) => (severity === 'error' ? subjects : [])),
    );
    // Without EC2, what ipamd's list says of an ENI is told of its node.
    const differing = new Set(
      whole.topology.findings.flatMap(({ rule, subjects }) => (rule === 'ipamd-view-differs' ? subjects : [])),
    );
    const nodesOfLists = new Set(
      whole.topology.enis.flatMap(({ id, node }) => (differing.has(id) ? (node ?? []) : [])),
    );
    const more = part.topology.findings.filter(
      ({ id, rule, subjects }) =>
        !known.has(id) &&
        !ofDaemonSet.includes(rule) &&
        !(rule === 'ipamd-view-differs' && subjects.every((subject) => nodesOfLists.has(subject))) &&
        !(['pod-start-failed', 'duplicate-address'].includes(rule) && subjects.every((subject) => errors.has(subject))),
    );
    expect(more.map(({ id, detail }) => `${id}: ${detail}`)).toEqual([]);

    if (['EC2', 'ENIs', 'nodes'].includes(what)) expect(counted(part, whole)).toEqual([]);
  });
});
