/**
 * Reads aws-node's answers for one node: its metrics and ipamd's `/v1/enis`. Neither contains the node's name. The node
 * is the one that the file or its folder is named after (by name or instance id), otherwise the one whose ENIs are in
 * the answer or whose pods have its addresses, otherwise the only one.
 */
import type { IpamdEnisFact, NodeFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import { normaliseEnis } from '../../normalise/aws-node/enis';
import { normaliseMetrics } from '../../normalise/aws-node/metrics';
import { AWS_NODE_ENIS, AWS_NODE_METRICS } from '../../normalise/aws-node/rows';
import type { Collection } from './collection';

/** An answer of aws-node as found in a file: metrics text, or parsed JSON of `/v1/enis`. */
export type AwsNodeAnswer =
  { readonly type: 'metrics'; readonly text: string } | { readonly type: 'enis'; readonly answer: unknown };

/** Adds the answer found in `path` to the collection. Returns the error, or null. */
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
  const node =
    namedBy(path, nodes) ??
    ownerOf(enis, nodes, collection) ??
    ('enis' in fact ? holderOf(fact, nodes, collection) : null) ??
    onlyOne(enis, nodes, collection);
  const name = node?.name ?? nodeOfPath(path);
  collection.see(row, row.id, true);
  collection.put(row, { key: name, fact: { ...fact, node: name } });
  if (node !== null) return null;
  return nodes.length === 0
    ? 'belongs to a node, and the capture has none; add what kubectl get nodes -o json prints'
    : `no node of the capture has this name or instance id${enis.length === 0 ? '' : ', or one of these ENIs'}`;
}

/** File name endings that are not part of a node's name, longest first. */
const ENDINGS = /(\.enis|\.metrics)?\.(json|ya?ml|txt|prom|metrics|enis)$/i;

/** File names of the answer's kind, without a node. */
const PLAIN = /^(v1[-_.])?(enis|metrics)$/i;
/** Folder names for a kind of content, not a node. */
const OF_ALL = new Set(['aws-node', 'ipamd', 'aws-routed-eni']);

/** `aws-node/NODE.enis.json` and `aws-node/NODE/enis.json` → `NODE`. */
export function nodeOfPath(path: string): string {
  const [folder = 'aws-node', file = ''] = `aws-node/${path}`.split('/').slice(-2);
  const name = file.replace(ENDINGS, '');
  return PLAIN.test(name) && !OF_ALL.has(folder) ? folder : name;
}

/**
 * The node that the file or its folder is named after; otherwise the only node whose name or instance id is in the
 * path.
 */
function namedBy(path: string, nodes: readonly NodeFact[]): NodeFact | null {
  const name = nodeOfPath(path);
  const named = nodes.find((one) => one.name === name) ?? nodes.find((one) => one.instanceId === name);
  if (named !== undefined) return named;
  const within = nodes.filter(
    (one) => holds(path, one.name) || (one.instanceId !== null && holds(path, one.instanceId)),
  );
  return within.length === 1 ? (within[0] ?? null) : null;
}

/**
 * Whether a path contains a name as a word: `eks_i-0abc_2026.tar.gz/ipamd/enis.json` contains `i-0abc`, but not
 * `i-0ab`.
 */
function holds(path: string, name: string): boolean {
  const at = path.indexOf(name);
  if (at < 0) return false;
  const isEdge = (char: string | undefined): boolean => char === undefined || !/[a-z0-9]/i.test(char);
  return isEdge(path[at - 1]) && isEdge(path[at + name.length]);
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

/** The node whose pods have the addresses that ipamd assigned. */
function holderOf({ enis }: IpamdEnisFact, nodes: readonly NodeFact[], collection: Collection): NodeFact | null {
  const given = new Set(enis.flatMap((eni) => eni.addresses.flatMap((one) => (one.assigned ? [one.ip] : []))));
  const holders = new Set(
    collection
      .facts('pod')
      .flatMap(({ node, hostNetwork, ips }) => (!hostNetwork && ips.some((ip) => given.has(ip)) ? [node] : [])),
  );
  const [holder, ...others] = holders;
  return others.length > 0 ? null : (nodes.find(({ name }) => name === holder) ?? null);
}

/** The only node, unless EC2 reports other ENIs for it. */
function onlyOne(enis: readonly string[], nodes: readonly NodeFact[], collection: Collection): NodeFact | null {
  const [node, ...others] = nodes;
  if (node === undefined || others.length > 0 || enis.length === 0) return null;
  const hasOthers = collection.facts('eni').some(({ instanceId }) => instanceId === node.instanceId);
  return hasOthers ? null : node;
}
