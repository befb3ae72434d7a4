/**
 * Reads aws-node's answers for one node: its metrics, ipamd's `/v1/enis` and its checkpoint files. None of them contains
 * the node's name. The node is the one that the file or its folder is named after (by name or instance id), otherwise
 * the one whose ENIs are in the answer or whose pods have its addresses, otherwise the only one.
 */
import type { AwsNodeMetricsFact, EniFact, IpamdCheckpointFact, IpamdEnisFact, NodeFact } from '../../model/facts';
import { isWithin } from '../../model/ip';
import type { Timestamp } from '../../model/records';
import { readAgentLog } from '../../normalise/aws-node/agent-log';
import { normaliseCheckpoint } from '../../normalise/aws-node/checkpoint';
import { normaliseEnis } from '../../normalise/aws-node/enis';
import { normaliseMetrics } from '../../normalise/aws-node/metrics';
import { AWS_NODE_CHECKPOINT, AWS_NODE_ENIS, AWS_NODE_METRICS } from '../../normalise/aws-node/rows';
import type { Collection } from './collection';

/** An answer of aws-node as found in a file: metrics text, or parsed JSON of `/v1/enis` or of a checkpoint. */
export type AwsNodeAnswer =
  | { readonly type: 'metrics'; readonly text: string }
  | { readonly type: 'enis' | 'checkpoint'; readonly answer: unknown };

type AwsNodeFact = AwsNodeMetricsFact | IpamdEnisFact | IpamdCheckpointFact;

const NO_ANSWER = {
  metrics: 'holds no awscni metrics',
  enis: "is not a JSON answer of ipamd's /v1/enis",
  checkpoint: 'is not a checkpoint file of ipamd',
} as const;

/** The network card of a checkpoint: `ipam-nic-2.json` → 2, `ipam.json` → 0. */
export const cardOfPath = (path: string): number => Number(/ipam-nic-(\d{1,3})/.exec(path)?.[1] ?? 0);

function normalise(path: string, content: AwsNodeAnswer, takenAt: Timestamp): AwsNodeFact | null {
  switch (content.type) {
    case 'metrics':
      return normaliseMetrics(content.text, '', takenAt);
    case 'enis':
      return normaliseEnis(content.answer, '', takenAt);
    case 'checkpoint':
      return normaliseCheckpoint(content.answer, '', takenAt, cardOfPath(path));
  }
}

/** Adds the answer found in `path` to the collection. Returns the error, or null. */
export function putAwsNode(
  path: string,
  content: AwsNodeAnswer,
  takenAt: Timestamp,
  collection: Collection,
): string | null {
  const fact = normalise(path, content, takenAt);
  if (fact === null) return NO_ANSWER[content.type];
  const nodes = collection.facts('node');
  const enis =
    'enis' in fact ? fact.enis.map(({ id }) => id) : 'assigned' in fact ? [] : Object.keys(fact.assignedPerEni);
  const given = givenIn(fact, collection);
  const node =
    namedBy(path, nodes) ??
    ownerOf(enis, nodes, collection) ??
    holderOf(given, nodes, collection) ??
    onlyOne(path, enis, given, nodes, collection);
  const name = node?.name ?? nodeOfPath(path);
  put(fact, name, collection);
  if (node !== null) return null;
  return nodes.length === 0
    ? 'belongs to a node, and the capture has none; add what kubectl get nodes -o json prints'
    : `no node of the capture has this name or instance id${
        enis.length > 0 ? ', or one of these ENIs' : given.size > 0 ? ', or pods with these addresses' : ''
      }`;
}

/**
 * Adds the pool counts and failed calls in ipamd's log to the metrics of its node. Returns what to report; null if it is
 * another program's log, or has neither.
 */
export function putAgentLog(path: string, text: string, takenAt: Timestamp, collection: Collection): string | null {
  const log = readAgentLog(text, Date.parse(takenAt));
  const fact = log === null ? null : normaliseMetrics(log.metrics, '', takenAt);
  if (log === null || fact === null) return null;
  const nodes = collection.facts('node');
  const node =
    namedBy(path, nodes) ?? ownerOf(log.enis, nodes, collection) ?? (nodes.length === 1 ? nodes[0] : undefined);
  // Without nodes, pods name the only one.
  const [name, ...others] =
    node === undefined && nodes.length === 0
      ? new Set(collection.facts('pod').flatMap((pod) => pod.node ?? []))
      : [node?.name];
  if (name === undefined || others.length > 0)
    return 'is ipamd’s log, and no node of the capture has this name or instance id, or its ENIs';
  put(fact, name, collection);
  return 'is ipamd’s log; ifscope reads only its pool counts and failed EC2 calls';
}

/** A node's metrics and those from its log together. aws-node's own, which alone have a version, take precedence. */
function withLog(fact: AwsNodeMetricsFact, other: AwsNodeMetricsFact): AwsNodeMetricsFact {
  const [own, log] = fact.version === null ? [other, fact] : [fact, other];
  return {
    ...own,
    values: { ...log.values, ...own.values },
    apiErrors: { ...log.apiErrors, ...own.apiErrors },
  };
}

function put(fact: AwsNodeFact, node: string, collection: Collection): void {
  if ('assigned' in fact) {
    // There is one file per card; another file of the same card is replaced.
    const other = collection.facts('ipamdCheckpoint').find((one) => one.node === node);
    const before = other === undefined || other.cards.some((card) => fact.cards.includes(card)) ? null : other;
    const merged = {
      ...fact,
      node,
      cards: [...(before?.cards ?? []), ...fact.cards],
      assigned: [...(before?.assigned ?? []), ...fact.assigned],
    };
    collection.see(AWS_NODE_CHECKPOINT, AWS_NODE_ENIS.id, true);
    collection.put(AWS_NODE_CHECKPOINT, { key: node, fact: merged });
    return;
  }
  if ('enis' in fact) {
    collection.see(AWS_NODE_ENIS, AWS_NODE_ENIS.id, true);
    collection.put(AWS_NODE_ENIS, { key: node, fact: { ...fact, node } });
    return;
  }
  const other = collection.facts('awsNodeMetrics').find((one) => one.node === node);
  collection.see(AWS_NODE_METRICS, AWS_NODE_METRICS.id, true);
  collection.put(AWS_NODE_METRICS, {
    key: node,
    fact: { ...(other === undefined ? fact : withLog(fact, other)), node },
  });
}

/** File name endings that are not part of a node's name, longest first. */
const ENDINGS = /(\.enis|\.metrics|\.ipamd-env-settings|\.ipam(-nic-\d+)?)?\.(json|ya?ml|txt|log|prom|metrics|enis)$/i;

/** File names of the answer's kind, without a node. */
const PLAIN = /^((v1[-_.])?(enis|metrics)|ipamd|ipamd-env-settings|ipam(-nic-\d+)?)$/i;
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
export function namedBy<N extends Pick<NodeFact, 'name' | 'instanceId'>>(path: string, nodes: readonly N[]): N | null {
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

/** The addresses that ipamd has assigned; of metrics, which count them by range, those that pods have. */
function givenIn(fact: AwsNodeFact, collection: Collection): ReadonlySet<string> {
  if ('assigned' in fact) return new Set(fact.assigned.map(({ ip }) => ip));
  if (!('enis' in fact)) {
    const ranges = Object.entries(fact.assignedPerCidr).flatMap(([cidr, count]) => (count > 0 ? cidr : []));
    if (ranges.length === 0) return new Set();
    const ips = collection.facts('pod').flatMap((pod) => (pod.hostNetwork ? [] : pod.ips));
    return new Set(ips.filter((ip) => ranges.some((cidr) => isWithin(cidr, ip))));
  }
  return new Set(fact.enis.flatMap((eni) => eni.addresses.flatMap((one) => (one.assigned ? [one.ip] : []))));
}

/** The node whose pods have the addresses that ipamd assigned. */
function holderOf(given: ReadonlySet<string>, nodes: readonly NodeFact[], collection: Collection): NodeFact | null {
  if (given.size === 0) return null;
  const holders = new Set(
    collection
      .facts('pod')
      .flatMap(({ node, hostNetwork, ips }) => (!hostNetwork && ips.some((ip) => given.has(ip)) ? [node] : [])),
  );
  const [holder, ...others] = holders;
  return others.length > 0 ? null : (nodes.find(({ name }) => name === holder) ?? null);
}

/** The only node, unless EC2 reports other ENIs for it, or other addresses than ipamd assigned. */
function onlyOne(
  path: string,
  enis: readonly string[],
  given: ReadonlySet<string>,
  nodes: readonly NodeFact[],
  collection: Collection,
): NodeFact | null {
  const [node, ...others] = nodes;
  if (node === undefined || others.length > 0) return null;
  // The metrics of old versions name neither ENIs nor addresses.
  if (enis.length + given.size === 0) return PLAIN.test(nodeOfPath(path)) ? node : null;
  const its = collection.facts('eni').filter(({ instanceId }) => instanceId === node.instanceId);
  const isElsewhere = enis.length > 0 ? its.length > 0 : its.length > 0 && ![...given].some((ip) => isOn(its, ip));
  return isElsewhere ? null : node;
}

const isOn = (enis: readonly EniFact[], ip: string): boolean =>
  enis.some(
    ({ secondaryIps, ipv4Prefixes, ipv6Prefixes }) =>
      secondaryIps.includes(ip) || [...ipv4Prefixes, ...ipv6Prefixes].some((text) => isWithin(text, ip)),
  );
