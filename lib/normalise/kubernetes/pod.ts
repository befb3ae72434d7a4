/**
 * Pod → PodFact: its node, its addresses, and its requested and reported networks.
 *
 * The most frequently called normaliser: a cluster may list 150,000 pods, so values that most pods have in common (absent
 * annotations, empty lists, labels, owners) are shared.
 */
import { DEFAULT_NETWORK_KEY, parseDefaultNetwork } from '../../cni/multus/default-network';
import { mentionedNetworks, NETWORKS_KEY, parseNetworksAnnotation } from '../../cni/multus/networks';
import { OLD_STATUS_KEY, parseNetworkStatus, STATUS_KEY } from '../../cni/multus/status';
import { NIC_CONFIG_KEY } from '../../cni/nic-config';
import type { AnnotationState } from '../../model/records';
import type { NetworkSelection, NetworkStatusEntry, PodEniEntry, PodFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { bareIp } from '../../model/ip';
import { address, fields, items, text, timestamp } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern, internOrNull, internStringMap } from '../read/intern';
import { agentState } from './agent-trouble';
import { awsNodeAgent } from './aws-node-agent';
import { hasIdentityToken } from './identity-token';
import { imageName } from './image';
import type { Keyed } from '../read/keyed';
import { mistypedIn } from './mistyped-keys';
import { multusAgent } from './multus-agent';
import { openObject } from './object';
import { podClaims } from './pod-claims';
import { parsePodEni } from './pod-eni';
import { podResources } from './quantity';

const ABSENT: AnnotationState = Object.freeze({ state: 'absent', error: null });
const NONE: readonly never[] = Object.freeze([]);

const MAX_NIC_CONFIG_LENGTH = 256;

/** Null without a name. An annotation that cannot be read is kept with its error or with a problem. */
export function normalisePod(value: unknown): Keyed<'pod'> | null {
  const object = openObject(value);
  if (object === null) return null;
  const { meta, labels, annotations, spec, status } = object;
  const problems: string[] = [];
  const requested = networks(annotations, meta.namespace);
  const mistyped = mistypedIn(annotations, labels);
  const ips = podIps(status, problems);
  const reported = ofThisSandbox(networkStatus(annotations, problems), ips);
  const podEni = podEniOf(annotations, problems);
  const hostNetwork = spec['hostNetwork'] === true;
  const ready = readyOf(status);
  const agent = awsNodeAgent(object, 'pod');
  const fact: PodFact = {
    ...meta,
    node: internOrNull(text(spec['nodeName'])),
    phase: intern(text(status['phase']) ?? 'Unknown'),
    failure: failureOf(status),
    sandbox: ips.length === 0 && status['phase'] === 'Pending' ? sandboxOf(status) : null,
    hostNetwork,
    startedAt: timestamp(status['startTime']),
    sandboxBefore: reported.entries.some((entry) => !entry.default) ? readySince(status) : null,
    owner: ownerOf(object.metadata),
    ips,
    labels: internStringMap(labels),
    ready,
    serviceAccount: internOrNull(text(spec['serviceAccountName'])),
    nicConfig: internOrNull(text(annotations[NIC_CONFIG_KEY])?.slice(0, MAX_NIC_CONFIG_LENGTH) ?? null),
    podEni,
    windowsIp: windowsIpOf(annotations, problems),
    fargatePodSg: fargatePodSgOf(annotations),
    networksAnnotation: requested.annotation,
    requested: requested.selections,
    mentioned:
      mistyped.length === 0
        ? requested.mentioned
        : [...requested.mentioned, ...meantIn(mistyped, annotations, labels, meta.namespace)],
    mistyped,
    defaultNetwork: defaultNetworkOf(annotations, problems),
    statusAnnotation: reported.annotation,
    reported: reported.entries,
    resources: podResources(spec),
    claims: podClaims(spec, status),
    awsNode: agent,
    agentState: agent === null ? null : agentState(status, ready),
    multus: hostNetwork ? multusAgent(labels, spec) : null,
    ipManager: hasIpManager(spec),
    podIdentity: hasIdentityToken(spec),
    problems: problems.length === 0 ? NONE : problems,
  };
  return { key: objectKey(meta), fact };
}

/** A string annotation, possibly empty; null if absent. */
const annotation = (annotations: Fields, key: string): string | null => {
  const value = annotations[key];
  return typeof value === 'string' ? value : null;
};

function networks(
  annotations: Fields,
  namespace: string,
): {
  readonly annotation: AnnotationState;
  readonly selections: readonly NetworkSelection[];
  readonly mentioned: readonly string[];
} {
  const value = annotation(annotations, NETWORKS_KEY);
  if (value === null) return { annotation: ABSENT, selections: NONE, mentioned: NONE };
  const read = parseNetworksAnnotation(value, namespace);
  return { ...read, mentioned: read.annotation.state === 'invalid' ? mentionedNetworks(value, namespace) : NONE };
}

type Mistyped = PodFact['mistyped'];

/** The networks that mistyped annotations name. */
const meantIn = (mistyped: Mistyped, annotations: Fields, labels: Fields, namespace: string): readonly string[] =>
  mistyped.flatMap(({ key, isLabel, meant }) =>
    meant === NIC_CONFIG_KEY ? [] : mentionedNetworks(annotation(isLabel ? labels : annotations, key) ?? '', namespace),
  );

/** The old key counts only if the new one is absent (multus §0.6). */
function networkStatus(annotations: Fields, problems: string[]): ReadStatus {
  const current = annotation(annotations, STATUS_KEY);
  const old = annotation(annotations, OLD_STATUS_KEY);
  if (current === null && old === null) return { annotation: ABSENT, entries: NONE };
  const result = parseNetworkStatus(current, old);
  problems.push(...result.problems);
  return result;
}

interface ReadStatus {
  readonly annotation: AnnotationState;
  readonly entries: readonly NetworkStatusEntry[];
}

/**
 * A status whose default entry has other addresses than the pod belongs to an earlier sandbox: Multus could not update it
 * (multus-cni #855), and none of its addresses counts.
 */
function ofThisSandbox(status: ReadStatus, ips: readonly string[]): ReadStatus {
  const main = status.entries.find((entry) => entry.default && entry.ips.length > 0);
  if (main === undefined || ips.length === 0) return status;
  if (status.entries.some((entry) => entry.ips.some((ip) => ips.includes(ip)))) return status;
  const error = `network-status is of an earlier sandbox: it tells ${main.ips.join(', ')} of ${main.interface ?? 'the default interface'}, and the pod has ${ips.join(', ')}`;
  return { annotation: { state: 'invalid', error }, entries: NONE };
}

function defaultNetworkOf(annotations: Fields, problems: string[]): NetworkSelection | null {
  const { annotation: state, selection } = parseDefaultNetwork(annotation(annotations, DEFAULT_NETWORK_KEY));
  if (state.error !== null) problems.push(`${DEFAULT_NETWORK_KEY}: ${state.error}`);
  return selection;
}

function podEniOf(annotations: Fields, problems: string[]): readonly PodEniEntry[] | null {
  const value = annotation(annotations, 'vpc.amazonaws.com/pod-eni');
  if (value === null) return null;
  const { entries, problem } = parsePodEni(value);
  if (problem !== null) problems.push(problem);
  return entries;
}

function windowsIpOf(annotations: Fields, problems: string[]): string | null {
  const value = annotation(annotations, 'vpc.amazonaws.com/PrivateIPv4Address');
  if (value === null || value === '') return null;
  const ip = bareIp(value);
  if (ip === null) problems.push('vpc.amazonaws.com/PrivateIPv4Address is not an address');
  return ip;
}

function fargatePodSgOf(annotations: Fields): readonly string[] | null {
  const value = text(annotations['fargate.amazonaws.com/pod-sg']);
  if (value === null) return null;
  return value
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
}

/** status.podIPs, else status.podIP: canonical, without duplicates, in the kubelet's order. */
function podIps(status: Fields, problems: string[]): readonly string[] {
  const list = items(status['podIPs']);
  const texts = list.length === 0 ? [status['podIP']] : list.map((one) => fields(one)['ip']);
  const result: string[] = [];
  for (const one of texts) {
    if (one === undefined || one === null || one === '') continue;
    const ip = address(one);
    if (ip === null) problems.push('status.podIPs holds something that is no address');
    else if (!result.includes(ip)) result.push(ip);
  }
  return result.length === 0 ? NONE : result;
}

/** Maximum length of the kept status.message, in characters. */
const MAX_MESSAGE_LENGTH = 512;

function failureOf(status: Fields): PodFact['failure'] {
  const reason = text(status['reason']);
  return reason === null || reason === ''
    ? null
    : { reason: intern(reason), message: (text(status['message']) ?? '').slice(0, MAX_MESSAGE_LENGTH) };
}

/** The condition's type, and its type in the alpha version. */
const SANDBOX_CONDITIONS: readonly unknown[] = ['PodReadyToStartContainers', 'PodHasNetwork'];

function sandboxOf(status: Fields): PodFact['sandbox'] {
  const condition = items(status['conditions'])
    .map(fields)
    .find(({ type }) => SANDBOX_CONDITIONS.includes(type));
  return condition === undefined
    ? null
    : {
        ready: condition['status'] === 'True',
        message: (text(condition['message']) ?? '').slice(0, MAX_MESSAGE_LENGTH),
      };
}

/** Since when the pod is Ready, in the sandbox that it has now; null for one that is not. */
function readySince(status: Fields): PodFact['sandboxBefore'] {
  for (const one of items(status['conditions'])) {
    const condition = fields(one);
    if (condition['type'] === 'Ready')
      return condition['status'] === 'True' ? timestamp(condition['lastTransitionTime']) : null;
  }
  return null;
}

function readyOf(status: Fields): boolean | null {
  for (const one of items(status['conditions'])) {
    const condition = fields(one);
    if (condition['type'] === 'Ready') return condition['status'] === 'True';
  }
  return null;
}

/** The controlling owner, else the first one; null without owners. */
function ownerOf(metadata: Fields): { readonly kind: string; readonly name: string } | null {
  const owners = items(metadata['ownerReferences']);
  if (owners.length === 0) return null;
  const owner = fields(owners.find((one) => fields(one)['controller'] === true) ?? owners[0]);
  const kind = text(owner['kind']);
  const name = text(owner['name']);
  return kind === null || name === null ? null : (internStringMap({ kind, name }) as { kind: string; name: string });
}

/** Container and image names of the address manager in AWS' Multus samples (multus §3.2). */
const IP_MANAGER = /^aws-ip-(mgmt|manager|mgr)/;

function hasIpManager(spec: Fields): boolean {
  for (const key of ['containers', 'initContainers']) {
    for (const one of items(spec[key])) {
      const { name, image } = fields(one);
      if (typeof name === 'string' && IP_MANAGER.test(name)) return true;
      if (typeof image === 'string' && image.includes('aws-ip-') && IP_MANAGER.test(imageName(image))) return true;
    }
  }
  return false;
}
