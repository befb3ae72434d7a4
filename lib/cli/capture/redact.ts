/**
 * Replaces what tells whose cluster it is: names, labels, tags, ids, MACs and addresses; the same one always by the same
 * other one within a capture, so that every link between the records stays.
 *
 * Kept: words that mean something to everybody (Kubernetes' and AWS' own names and keys, kinds, states, plugin types).
 * Free text keeps its words but for what is replaced in it.
 */
import { createHmac } from 'node:crypto';
import { redactIp } from './redact-ip';

export interface Redactor {
  /** Learns the names of an object, to be replaced wherever they stand. Call for all objects before `value`. */
  learn(object: unknown): void;
  /** A JSON value with everything replaced, keys included. */
  value(value: unknown): unknown;
  /** Free text: metrics, file names. */
  text(text: string): string;
}

const KEPT_NAMESPACES = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'default']);
/** Domains whose label keys, label values and names are public vocabulary. */
const PUBLIC =
  /(^|[./])(kubernetes\.io|k8s\.io|amazonaws\.com|k8s\.aws|eksctl\.io|karpenter\.sh|cncf\.io|openshift\.io|nmstate\.io|aws)(\/|$)/;
const PUBLIC_KEYS = new Set([
  'k8s-app',
  'name',
  'component',
  'tier',
  'controller-revision-hash',
  'pod-template-generation',
]);

const ID =
  /\b(eni-attach|eipalloc|eipassoc|subnet|eni|vpc|acl|rtb|igw|nat|sgr|sg|vol|ami|lt|r|i)-([0-9a-f]{17}|[0-9a-f]{8})\b/g;
const ACCOUNT = /(?<![\w.-])\d{12}(?![\w.-])/g;
const MAC = /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi;
const DASHED_IP = /\bip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\b/g;
/** The rest of a host name that EC2 made; a DHCP option set puts the company's own domain there. */
const HOST_DOMAIN = /\b(ip(?:-\d{1,3}){4}|i-[0-9a-f]{8,17})((?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+)/g;
const EC2_DOMAIN = /^\.(?:[a-z0-9-]+\.compute|ec2|compute)\.(?:internal|amazonaws\.com(?:\.cn)?)$/;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.])/g;
const IPV6 = /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\/\d{1,3})?(?![\w:.])/gi;
/** The last dot or dash of a sentence is no part of a name. */
const NAME = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/g;

/** Words that decide something somewhere: a name that happens to be one of them is not replaced. */
const VOCABULARY = new Set(
  [
    'true false yes no on off none null auto any all default enabled disabled unknown',
    'linux windows amd64 arm64 ec2 fargate hybrid spot on-demand',
    'primary secondary interface trunk branch efa efa-only prefix explicit available in-use attached pending running',
    'Running Pending Succeeded Failed Unknown Ready True False NoSchedule NoExecute PreferNoSchedule',
    'ipvlan macvlan host-device bridge vlan ptp bond tap dummy loopback ovs sriov ib-sriov userspace flannel calico cilium weave',
    'tuning sbr bandwidth portmap firewall vrf rdma route-override aws-cni whereabouts host-local static dhcp multus',
    'l2 l3 l3s private vepa passthru master mode type name ipam node pod web-hook',
    'Deployment StatefulSet DaemonSet ReplicaSet Job Node Pod Event Warning Normal',
  ].flatMap((line) => line.split(' ')),
);
/** `"mac":` inside an annotation or a config says what stands behind it, even where a pod is called mac. */
const isJsonKey = (text: string, from: number, to: number): boolean =>
  /[{,]\s*"$/.test(text.slice(Math.max(0, from - 64), from)) && /^"\s*:/.test(text.slice(to, to + 64));

/** Annotations that name networks, whether or not there are such. */
const NAMING_NETWORKS = [
  'k8s.v1.cni.cncf.io/networks',
  'v1.multus-cni.io/default-network',
  'k8s.v1.cni.cncf.io/policy-for',
];
/** Numbers, versions and link names (`eth0`, `ens6`, `net1`) are no names of anything private. */
const PLAIN = /^(v?[\d.]+|(eth|ens|eno|net|lo|bond)\d+\w*|.{1,2})$/;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** `key`: random for each capture, so that two captures cannot be joined, nor names be guessed. */
export function createRedactor(key: string): Redactor {
  const names = new Set<string>();
  /** Keys of the objects themselves: `name`, `spec`; replacing one would change what the object says. */
  const keys = new Set<string>();
  const hash = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  const bits = new Map<string, 0 | 1>();
  const bitOf = (text: string): 0 | 1 => {
    let bit = bits.get(text);
    if (bit === undefined) bits.set(text, (bit = parseInt(hash(text).slice(0, 1), 16) % 2 === 0 ? 0 : 1));
    return bit;
  };
  const digits = (text: string, length: number): string =>
    BigInt(`0x${hash(text)}`)
      .toString()
      .slice(0, length);

  const name = (text: string): string => `x-${hash(text).slice(0, 10)}`;
  const mac = (text: string): string => {
    const plain = text.toLowerCase().replaceAll('-', ':');
    if (plain === '00:00:00:00:00:00' || plain === 'ff:ff:ff:ff:ff:ff') return text;
    // The first two octets say whose scheme made it (0a:58 is the CNI's), and whether it is local.
    return `${plain.slice(0, 5)}:${hash(plain)
      .slice(0, 8)
      .replace(/(..)(?=.)/g, '$1:')}`;
  };
  const uuid = (text: string): string =>
    hash(text.toLowerCase()).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
  /** Where an image was fetched from tells whose it is; its own name and tag are read as the plugin's version. */
  const image = (text: string): string => {
    const path = text.lastIndexOf('/');
    return path < 0 ? replace(text) : `${name(text.slice(0, path))}/${replace(text.slice(path + 1))}`;
  };
  const ip = (text: string): string => redactIp(text, bitOf) ?? text;

  const replace = (text: string): string =>
    text
      .replace(MAC, mac)
      .replace(HOST_DOMAIN, (whole, host: string, domain: string) =>
        EC2_DOMAIN.test(domain) ? whole : `${host}.${name(domain)}`,
      )
      .replace(ID, (_, prefix: string, digits: string) => `${prefix}-${hash(digits).slice(0, digits.length)}`)
      .replace(ACCOUNT, (account) => digits(account, 12))
      .replace(DASHED_IP, (whole, ...octets: string[]) => {
        const replaced = redactIp(octets.slice(0, 4).join('.'), bitOf);
        return replaced === null ? whole : `ip-${replaced.replaceAll('.', '-')}`;
      })
      .replace(IPV4, ip)
      .replace(IPV6, ip)
      .replace(NAME, (token, at: number, whole: string) =>
        names.has(token) &&
        !keys.has(token) &&
        !VOCABULARY.has(token) &&
        !PLAIN.test(token) &&
        !isJsonKey(whole, at, at + token.length)
          ? name(token)
          : token.replace(UUID, uuid),
      );

  /** Maps whose keys are foreign text themselves. */
  const FOREIGN_KEYS = new Set([
    'labels',
    'annotations',
    'matchLabels',
    'capacity',
    'allocatable',
    'requests',
    'limits',
  ]);
  const learnKeys = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(learnKeys);
    if (!isFields(value)) return;
    for (const [label, item] of Object.entries(value)) {
      keys.add(label);
      if (!FOREIGN_KEYS.has(label)) learnKeys(item);
    }
  };
  const isPublicKey = (text: string): boolean => PUBLIC_KEYS.has(text) || PUBLIC.test(text);
  const learnLabels = (labels: unknown, keepValues: boolean): void => {
    if (!isFields(labels)) return;
    for (const [label, value] of Object.entries(labels)) {
      // `corp.example/team`: the domain tells whose it is; a bare `app` tells nothing.
      const domain = label.includes('/') && !isPublicKey(label) ? label.slice(0, label.indexOf('/')) : null;
      if (domain !== null) names.add(domain);
      const text = textOf(value);
      if (!keepValues && text !== null && !isPublicKey(label)) names.add(text);
    }
  };

  const learnWords = (text: string): void => {
    for (const { 0: word, index } of text.matchAll(NAME))
      if (!KEPT_NAMESPACES.has(word) && !isJsonKey(text, index, index + word.length)) names.add(word);
  };
  /** Names of objects that are not in the capture: service accounts, and pods that pools and events remember after they are gone. */
  const learnReferences = ({ involvedObject, metadata, spec }: Fields): void => {
    const account = isFields(spec) ? textOf(spec.serviceAccountName) : null;
    const system = isFields(metadata) && metadata.namespace === 'kube-system';
    if (account !== null && account !== 'default' && !system) names.add(account);
    const { namespace, name: involved } = isFields(involvedObject) ? involvedObject : {};
    if (textOf(namespace) !== 'kube-system') for (const word of [namespace, involved]) learnWords(textOf(word) ?? '');
    const { podref, allocations } = isFields(spec) ? spec : {};
    const held = isFields(allocations) ? Object.values(allocations) : [];
    for (const reference of [podref, ...held.map((one) => (isFields(one) ? one.podref : null))]) {
      const text = textOf(reference) ?? '';
      if (!text.startsWith('kube-system/')) learnWords(text);
    }
  };

  return {
    learn(object) {
      if (!isFields(object)) return;
      learnKeys(object);
      const metadata = isFields(object.metadata) ? object.metadata : {};
      const namespace = textOf(metadata.namespace);
      const system = namespace === 'kube-system';
      if (namespace !== null && !KEPT_NAMESPACES.has(namespace)) names.add(namespace);
      const own = textOf(metadata.name);
      if (own !== null && !system) names.add(own);
      if (Array.isArray(metadata.ownerReferences) && !system)
        for (const owner of metadata.ownerReferences) {
          const ownerName = isFields(owner) ? textOf(owner.name) : null;
          if (ownerName !== null) names.add(ownerName);
        }
      learnLabels(metadata.labels, system);
      const annotations = isFields(metadata.annotations) ? metadata.annotations : {};
      for (const key of NAMING_NETWORKS) learnWords(textOf(annotations[key]) ?? '');
      learnReferences(object);
      for (const tags of [object.Tags, object.TagSet])
        for (const tag of Array.isArray(tags) ? (tags as readonly unknown[]) : []) {
          const [label, value] = isFields(tag) ? [textOf(tag.Key), textOf(tag.Value)] : [null, null];
          if (label === null || value === null) continue;
          const cluster = /^kubernetes\.io\/cluster\/(.+)$/.exec(label)?.[1];
          if (cluster !== undefined) names.add(cluster);
          else if (label.includes('cluster') && PUBLIC.test(label)) names.add(value);
        }
    },
    value(value) {
      const visit = (part: unknown): unknown => {
        if (typeof part === 'string') return replace(part);
        if (Array.isArray(part)) return part.map(visit);
        if (!isFields(part)) return part;
        const { Key, Value, Description } = part;
        // Whole sentences of whoever made them: nothing reads them, and any word may tell something.
        if (typeof Key === 'string' && typeof Value === 'string' && !PUBLIC.test(Key))
          return { Key: Key === 'Name' ? Key : name(Key), Value: name(Value) };
        const entries = Object.entries(part).map(
          ([label, item]) =>
            [replace(label), label === 'image' && typeof item === 'string' ? image(item) : visit(item)] as const,
        );
        return {
          ...Object.fromEntries(entries),
          ...(typeof Description === 'string' && !/^(aws-K8S-|aws-k8s-|$)/.test(Description)
            ? { Description: name(Description) }
            : {}),
        };
      };
      return visit(value);
    },
    text: replace,
  };
}
