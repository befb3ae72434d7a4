/**
 * Reads aws-node's answers for one node: its metrics and ipamd's `/v1/enis`. Neither names the node. It is the one that
 * the file or its folder is named after (by name or instance id), else the one whose ENIs the answer lists.
 */
import type { NodeFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import { normaliseEnis } from '../../normalise/aws-node/enis';
import { normaliseMetrics } from '../../normalise/aws-node/metrics';
import { AWS_NODE_ENIS, AWS_NODE_METRICS } from '../../normalise/aws-node/rows';
import type { Collection } from './collection';

/** An answer of aws-node as found in a file: metrics text, or parsed JSON of `/v1/enis`. */
export type AwsNodeAnswer =
  { readonly type: 'metrics'; readonly text: string } | { readonly type: 'enis'; readonly answer: unknown };

/** Puts the answer found in `path` into the collection. Returns what is wrong with it, or null. */
export function putAwsNode(
  path: string,
  content: AwsNodeAnswer,
  takenAt: Timestamp,
  collection: Collection,
): string | null {
  const fact =
    content.type === 'metrics'
      ? normaliseMetrics(content.text, '', takenAt)
      : normaliseEnis(content.answer, '', takenAt);
  if (fact === null)
    return content.type === 'metrics' ? 'holds no awscni metrics' : "is no JSON answer of ipamd's /v1/enis";
  const row = content.type === 'metrics' ? AWS_NODE_METRICS : AWS_NODE_ENIS;
  const nodes = collection.facts('node');
  const enis = 'enis' in fact ? fact.enis.map(({ id }) => id) : Object.keys(fact.assignedPerEni);
  const node = namedBy(path, nodes) ?? ownerOf(enis, nodes, collection);
  const name = node?.name ?? nodeOfPath(path);
  collection.see(row, row.id, true);
  collection.put(row, { key: name, fact: { ...fact, node: name } });
  return node === null && nodes.length > 0
    ? `no node of the capture has this name or instance id${enis.length === 0 ? '' : ', or one of these ENIs'}`
    : null;
}

/** File name endings that are not part of a node's name, the longest first. */
const ENDINGS = /(\.enis|\.metrics)?\.(json|ya?ml|txt|prom|metrics|enis)$/i;

/** File names that name the answer, not its node. */
const PLAIN = /^(v1[-_.])?(enis|metrics)$/i;

/** `aws-node/NODE.enis.json` and `aws-node/NODE/enis.json` → `NODE`. */
export function nodeOfPath(path: string): string {
  const [folder = 'aws-node', file = ''] = `aws-node/${path}`.split('/').slice(-2);
  const name = file.replace(ENDINGS, '');
  return PLAIN.test(name) && folder !== 'aws-node' ? folder : name;
}

function namedBy(path: string, nodes: readonly NodeFact[]): NodeFact | null {
  const name = nodeOfPath(path);
  return nodes.find((one) => one.name === name) ?? nodes.find((one) => one.instanceId === name) ?? null;
}

function ownerOf(enis: readonly string[], nodes: readonly NodeFact[], collection: Collection): NodeFact | null {
  const known = new Set(enis);
  const theirs = collection.facts('eni').filter(({ id }) => known.has(id));
  const instances = new Set(theirs.map(({ instanceId }) => instanceId));
  const ips = new Set(theirs.map(({ primaryIp }) => primaryIp));
  const owners = nodes.filter(({ instanceId, internalIps }) =>
    instanceId === null ? internalIps.some((ip) => ips.has(ip)) : instances.has(instanceId),
  );
  return owners.length === 1 ? (owners[0] ?? null) : null;
}
