/**
 * The annotation `k8s.v1.cni.cncf.io/networks`, read as Multus reads it (multus §1.2–1.3): the same texts are accepted and
 * rejected, with the same messages. What Multus accepts but fails on later (an empty name, a name with a slash) remains a
 * selection, and `selectionProblem` returns why it cannot work.
 */
import type { NetworkSelection } from '../../model/facts';
import type { AnnotationState } from '../../model/records';
import { decodeGo, goInt, goIp, goList, goMap, goPointer, goString, goStruct, type Decoded } from '../go/decode';
import { GoObject, parseGoTree, type GoValue } from '../go/json';
import { goParseCidr, goParseIp, goParseMac } from '../go/net';
import { similarName } from '../../model/spelling';
import { byteLength, goQuote, goTrim } from '../go/quote';

/** Key of the annotation. */
export const NETWORKS_KEY = 'k8s.v1.cni.cncf.io/networks';

/** The parsed annotation. */
export interface NetworksAnnotation {
  readonly annotation: AnnotationState;
  /** Empty unless the annotation is valid: Multus rejects it as a whole. */
  readonly selections: readonly NetworkSelection[];
}

/** multus-cni pkg/types NetworkSelectionElement, by its JSON keys. */
const ELEMENT = goStruct('NetworkSelectionElement', {
  name: goString,
  namespace: goString,
  ips: goList(goString),
  mac: goString,
  'infiniband-guid': goString,
  interface: goString,
  interfaceRequest: goString,
  portMappings: goList(
    goPointer(
      goStruct('PortMapEntry', {
        hostPort: goInt,
        containerPort: goInt,
        protocol: goString,
        hostIP: goString,
      }),
    ),
  ),
  bandwidth: goPointer(
    goStruct('BandwidthEntry', {
      ingressRate: goInt,
      ingressBurst: goInt,
      egressRate: goInt,
      egressBurst: goInt,
    }),
  ),
  deviceID: goString,
  'cni-args': goPointer(goMap),
  'default-route': goPointer(goList(goIp)),
});
const LIST = goList(goPointer(ELEMENT));

/** The keys of an element that Multus, OVN-Kubernetes or KubeVirt reads (multus §1.3). */
const ELEMENT_KEYS: readonly string[] = [
  ...['name', 'namespace', 'ips', 'mac', 'infiniband-guid', 'interface', 'interfaceRequest', 'portMappings'],
  ...['bandwidth', 'deviceID', 'cni-args', 'default-route', 'ipam-claim-reference'],
];
/** They are read in any case. */
const LOWER_CASE_KEYS: ReadonlyMap<string, string> = new Map(ELEMENT_KEYS.map((key) => [key.toLowerCase(), key]));

/** Common mistakes, in lower case without separators, with the key that was meant. */
const MEANT_BY: ReadonlyMap<string, string> = new Map([
  ['macaddress', 'mac'],
  ['hwaddr', 'mac'],
  ['ip', 'ips'],
  ['ipaddress', 'ips'],
  ['addresses', 'ips'],
  ['ifname', 'interface'],
  ['interfacename', 'interface'],
  ['gateway', 'default-route'],
  ['defaultroute', 'default-route'],
  ['args', 'cni-args'],
]);

/** Maximum number of keys reported: more would only repeat the same mistake. */
const MAX_UNREAD = 5;

/** Keys of the annotation's elements that have no effect, each with the key that was probably meant, or `-`. */
export function unreadKeys(text: string): readonly { readonly key: string; readonly meant: string }[] {
  const keys = [...text.matchAll(/"([\w-]{1,64})"\s*:/g)].map(([, key = '']) => key);
  // Spares most annotations the parser; keys of nested objects are matched as well.
  if (keys.every((key) => LOWER_CASE_KEYS.has(key.toLowerCase()))) return [];
  const tree = parseGoTree(text);
  const elements = 'value' in tree && Array.isArray(tree.value) ? (tree.value as readonly GoValue[]) : [];
  const found = new Map<string, string>();
  for (const key of elements.flatMap((element) => (element instanceof GoObject ? element.keys : []))) {
    const lower = key.toLowerCase();
    if (found.size >= MAX_UNREAD || LOWER_CASE_KEYS.has(lower) || !/^[\w-]{1,64}$/.test(lower)) continue;
    const letters = lower.replaceAll(/[-_]/g, '');
    const lowerCase = [...LOWER_CASE_KEYS.keys()];
    const near =
      MEANT_BY.get(letters) ??
      lowerCase.find((known) => known.replaceAll('-', '') === letters) ??
      similarName(lower, lowerCase);
    found.set(key, near == null ? '-' : (LOWER_CASE_KEYS.get(near) ?? near));
  }
  return [...found].map(([key, meant]) => ({ key, meant }));
}

/** A NetworkSelectionElement as Multus decodes it, texts as written. */
export type SelectionElement = Decoded<typeof ELEMENT>;

/** No pod has more interfaces; a longer list is hostile and would create as many records. */
const MAX_SELECTIONS = 10_000;
const TOO_MANY = `more than ${MAX_SELECTIONS} networks are asked for, which no pod can have`;

/** Reads the annotation of a pod in `podNamespace`; a null text means that the annotation is absent. */
export function parseNetworksAnnotation(text: string | null, podNamespace: string): NetworksAnnotation {
  if (text === null) return { annotation: { state: 'absent', error: null }, selections: [] };
  if (text === '') return { annotation: { state: 'empty', error: null }, selections: [] };
  const read = readSelections(text, podNamespace);
  return 'error' in read
    ? { annotation: { state: 'invalid', error: read.error }, selections: [] }
    : { annotation: { state: 'valid', error: null }, selections: read.selections };
}

/** Maximum number of collected names; more would be meaningless. */
const MAX_MENTIONED = 100;

/**
 * Networks that an annotation rejected by Multus may refer to, as `ns/name`: everything in it that could be a name, in the
 * pod's namespace and in each namespace that the text contains. Only suitable for showing that a network is requested.
 */
export function mentionedNetworks(whole: string, podNamespace: string): readonly string[] {
  const found = new Set<string>();
  // Other fields may contain anything, but no network name.
  const text = whole.replace(/"([^"\\]*)"\s*:\s*"(?:[^"\\]|\\.)*"/g, (pair, key: string) =>
    key === 'name' || key === 'namespace' ? pair : '',
  );
  const namespaces = new Set([
    podNamespace,
    ...[...text.matchAll(/"namespace"\s*:\s*"([^"]*)"/g)].map(([, one]) => one ?? ''),
  ]);
  for (const [word] of text.matchAll(/[a-z0-9][-a-z0-9./]*/g)) {
    if (found.size >= MAX_MENTIONED) break;
    if (word.includes('/')) found.add(word);
    else for (const namespace of namespaces) found.add(`${namespace}/${word}`);
  }
  return [...found];
}

/** Multus' `parsePodNetworkAnnotation`, reduced to the fields that the topology needs. The text must not be empty. */
export function readSelections(
  text: string,
  defaultNamespace: string,
): { readonly selections: readonly NetworkSelection[] } | { readonly error: string } {
  const read = parsePodNetworkAnnotation(text, defaultNamespace);
  return 'error' in read ? read : { selections: read.elements.map(selectionOf) };
}

const fail = (message: string): { readonly error: string } => ({ error: `parsePodNetworkAnnotation: ${message}` });

/** Multus' function of the same name: the elements in order, or its message. The text must not be empty. */
export function parsePodNetworkAnnotation(
  text: string,
  defaultNamespace: string,
): { readonly elements: readonly SelectionElement[] } | { readonly error: string } {
  const read = /[[{"]/.test(text) ? readJson(text) : readList(text);
  if ('error' in read) return read;
  if (read.elements.length > MAX_SELECTIONS) return fail(TOO_MANY);
  const elements: SelectionElement[] = [];
  for (const [index, element] of read.elements.entries()) {
    // Multus crashes on the nil element (multus §1.2), so there is no message to reproduce.
    if (element === null) return fail(`element ${index} is null, on which Multus crashes`);
    const problem = invalidRequest(element.mac, element['infiniband-guid'], element.ips);
    if (problem !== null) return problem;
    elements.push({
      ...element,
      namespace: element.namespace === '' ? defaultNamespace : element.namespace,
      interface: element.interface || element.interfaceRequest,
    });
  }
  return { elements };
}

type Elements = { readonly elements: readonly (SelectionElement | null)[] } | { readonly error: string };

function readJson(text: string): Elements {
  const tree = parseGoTree(text);
  if ('value' in tree && Array.isArray(tree.value) && tree.value.length > MAX_SELECTIONS) return fail(TOO_MANY);
  const json = 'error' in tree ? tree : decodeGo(tree.value, LIST);
  return 'error' in json
    ? fail(`failed to parse pod Network Attachment Selection Annotation JSON format: ${json.error}`)
    : { elements: json.value ?? [] };
}

function selectionOf(element: SelectionElement, index: number): NetworkSelection {
  const mac = element.mac === '' ? null : goParseMac(element.mac);
  return {
    index,
    namespace: element.namespace,
    name: element.name,
    interface: element.interface || null,
    ips: (element.ips ?? []).flatMap((ip) => bareRequest(ip) ?? []),
    mac: mac !== null && 'mac' in mac ? mac.mac : null,
    defaultRoute: element['default-route']?.flatMap((gateway) => gateway ?? []) ?? null,
    masters: mastersOf(element['cni-args']),
    deviceId: element.deviceID || null,
  };
}

/** The validation that both forms share (multus §1.2), with Multus' wording, "failed to mac" included. */
function invalidRequest(mac: string, guid: string, ips: readonly string[] | null): { readonly error: string } | null {
  if (mac !== '') {
    const read = goParseMac(mac);
    if ('error' in read) return fail(`failed to mac: ${read.error}`);
  }
  if (guid !== '') {
    const read = goParseMac(guid);
    if ('error' in read) return fail(`failed to validate infiniband GUID: ${read.error}`);
  }
  for (const text of ips ?? []) {
    if (text.includes('/')) {
      const read = goParseCidr(text);
      if ('error' in read) return { error: `failed to parse CIDR ${goQuote(text)}: ${read.error}` };
    } else if (goParseIp(text) === null) {
      return { error: `failed to parse IP address ${goQuote(text)}` };
    }
  }
  return null;
}

/** A requested address in canonical form without its prefix length, for comparing with a reported one. */
const bareRequest = (text: string): string | null => {
  const slash = text.indexOf('/');
  return goParseIp(slash < 0 ? text : text.slice(0, slash));
};

/** `master` in cni-args, a name or a list of names: multi-nic-cni and others pass the parent there (multus §1.3). */
function mastersOf(cniArgs: Readonly<Record<string, unknown>> | null): readonly string[] {
  const master = cniArgs !== null && Object.hasOwn(cniArgs, 'master') ? cniArgs['master'] : null;
  const names: readonly unknown[] = Array.isArray(master) ? master : [master];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** IFNAMSIZ without the terminating zero, in bytes. */
export const MAX_INTERFACE_NAME = 15;

function readList(text: string): Elements {
  const elements: SelectionElement[] = [];
  for (const item of text.split(',', MAX_SELECTIONS + 1)) {
    const object = readObjectName(goTrim(item));
    if ('error' in object) return fail(`parsePodNetworkObjectName: ${object.error}`);
    elements.push({ ...ELEMENT.zero(), ...object });
  }
  return { elements };
}

/** Parses `<namespace>/<name>@<interface>`; white space around the separators and empty parts are accepted. */
function readObjectName(
  text: string,
): { readonly namespace: string; readonly name: string; readonly interface: string } | { readonly error: string } {
  const slashes = text.split('/', 3);
  if (slashes.length > 2) return { error: "Invalid network object (failed at '/')" };
  const namespace = slashes.length === 2 ? goTrim(slashes[0] ?? '') : '';
  const ats = (slashes.at(-1) ?? '').split('@', 3);
  if (ats.length > 2) return { error: "Invalid network object (failed at '@')" };
  const name = goTrim(ats[0] ?? '');
  const interfaceName = goTrim(ats[1] ?? '');
  for (const part of [namespace, name]) {
    if (part !== '' && !LABEL.test(part)) {
      return {
        error:
          'Failed to parse: one or more items did not match comma-delimited format (must consist of lower case ' +
          `alphanumeric characters). Must start and end with an alphanumeric character), mismatch @ '${part}'`,
      };
    }
  }
  if (byteLength(interfaceName) > MAX_INTERFACE_NAME || /[ \t\n\v\f\r/]/.test(interfaceName)) {
    return {
      error:
        "Failed to parse interface name: must be less than 15 chars and not contain '/' or spaces. " +
        `interface name '${interfaceName}'`,
    };
  }
  return { namespace, name, interface: interfaceName };
}

/**
 * Why Multus cannot attach a selection that its parser accepted: no name (an empty item), or a name with a slash, which the
 * JSON form does not split (multus §1.2). Null without a known problem.
 */
export function selectionProblem(selection: Pick<NetworkSelection, 'namespace' | 'name'>): string | null {
  const { namespace, name } = selection;
  if (name === '') {
    return `cannot find a network-attachment-definition () in namespace (${namespace}): resource name may not be empty`;
  }
  if (name.includes('/')) {
    return `"name" holds a slash: in JSON the namespace is a key of its own, so Multus looks for a network called ${goQuote(name)} in namespace ${namespace}`;
  }
  return null;
}
