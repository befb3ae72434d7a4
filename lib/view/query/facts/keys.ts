/** The words of the query language: kinds and keys. Each kind's file defines how it reads a key. */
import {
  ADDRESS_STATES,
  BACKINGS,
  CERTAINTIES,
  CNI_MODES,
  COMPUTE_TYPES,
  ENI_CREATORS,
  ENI_MANAGEMENT_RULES,
  ENI_ROLES,
  HEADROOM_LIMITS,
  INTERFACE_STATES,
  SEVERITIES,
} from '../../../model/vocabulary';
import { NOUNS, tableOfKind, type Nouns, type RecordKind } from '../../../model/records';

/** The kinds of records that a query can select. */
export const KINDS = [
  'interface',
  'pod',
  'node',
  'eni',
  'subnet',
  'network',
  'finding',
] as const satisfies readonly RecordKind[];
export type Kind = (typeof KINDS)[number];

/** The nouns of a kind, singular and plural. */
export const nounsOf = (kind: Kind): Nouns => NOUNS[tableOfKind(kind)];

/** The kind that a word names, singular or plural, in any case; null for other words. */
export const kindOfWord = (word: string): Kind | null => {
  const lower = word.toLowerCase();
  return KINDS.find((kind) => lower === kind || lower === nounsOf(kind).many.toLowerCase()) ?? null;
};

/**
 * How a key compares. `name`: whole parts of a name (`8-6-52` matches `10-8-6-52`, but not `10-18-6-52`). `whole`: the
 * whole value. `id`: the start of an AWS id. `mac`: a MAC or some of its octets. `address`: an address, a range, or first
 * octets. `rule`: the id of a rule, or a severity and the like. `number`: also with `<`, `<=`, `>`, `>=`, and with `%` if
 * the key has a total. `word`: one of a list.
 */
export type KeyType = 'name' | 'whole' | 'id' | 'mac' | 'address' | 'rule' | 'number' | 'word';

export interface KeySpec {
  readonly type: KeyType;
  /** Explanation, shown after the key in a list. */
  readonly about: string;
  /** An example value. */
  readonly example: string;
  /** All values of a `word`; of a `rule`, those that are not the id of one. */
  readonly words?: readonly string[];
  /** What an `id` begins with. */
  readonly prefix?: string;
  /** What a percentage refers to (`free<5%`); only for a `number` that is part of a total. */
  readonly of?: string;
}

const YES_NO = ['yes', 'no', 'unknown'] as const;
const STATES = [...new Set<string>([...ADDRESS_STATES, ...INTERFACE_STATES])];

/** All keys of the query language. The words are fixed, because links and scripts contain them. */
export const KEYS = {
  ns: { type: 'whole', about: 'namespace', example: 'kube-system' },
  net: { type: 'name', about: 'network', example: 'ipvlan' },
  node: { type: 'name', about: 'node', example: '8-6-52' },
  pod: { type: 'name', about: 'pod', example: 'upf' },
  eni: { type: 'id', prefix: 'eni-', about: 'ENI', example: 'eni-0a1f' },
  subnet: { type: 'id', prefix: 'subnet-', about: 'subnet', example: 'subnet-0b2c' },
  ip: { type: 'address', about: 'address or range', example: '10.0.0.0/24' },
  if: { type: 'whole', about: 'interface by its name in the pod', example: 'net1' },
  mac: { type: 'mac', about: 'MAC address', example: '02:5e:18' },
  zone: { type: 'whole', about: 'Availability Zone', example: 'eu-west-1a' },
  type: { type: 'whole', about: 'instance type', example: 'm5.large' },
  group: { type: 'whole', about: 'node group', example: 'workers' },
  state: { type: 'word', about: 'state of an interface or address', example: 'warm', words: STATES },
  finding: {
    type: 'rule',
    about: 'severity or rule of a finding, any or none',
    example: 'error',
    words: [...SEVERITIES, 'any', 'none'],
  },
  severity: { type: 'word', about: 'severity of a finding', example: 'error', words: SEVERITIES },
  rule: { type: 'rule', about: 'rule of a finding', example: 'eni-leaked' },
  managed: { type: 'word', about: 'whether ipamd assigns its addresses', example: 'no', words: YES_NO },
  why: { type: 'word', about: 'rule that decides on managed', example: 'no-manage-tag', words: ENI_MANAGEMENT_RULES },
  role: { type: 'word', about: 'role of an ENI', example: 'trunk', words: ENI_ROLES },
  creator: { type: 'word', about: 'creator of the ENI', example: 'ipamd', words: ENI_CREATORS },
  status: { type: 'whole', about: 'EC2 status', example: 'available' },
  ipamd: { type: 'word', about: 'whether ipamd lists the ENI', example: 'no', words: YES_NO },
  sg: { type: 'id', prefix: 'sg-', about: 'security group', example: 'sg-0c3d' },
  tag: { type: 'whole', about: 'EC2 tag', example: 'team=core' },
  label: { type: 'whole', about: 'label of a pod or node', example: 'app=web' },
  instance: { type: 'id', prefix: 'i-', about: 'EC2 instance', example: 'i-0a1f' },
  card: { type: 'number', about: 'network card', example: '0' },
  device: { type: 'number', about: 'device index', example: '1' },
  prefixes: { type: 'number', about: 'prefixes', example: '3', of: 'slots' },
  assigned: { type: 'number', about: 'assigned addresses', example: '10', of: 'addresses' },
  warm: { type: 'number', about: 'warm addresses', example: '0', of: 'addresses' },
  cooling: { type: 'number', about: 'cooling addresses', example: '0', of: 'addresses' },
  free: {
    type: 'number',
    about: 'free slots of an ENI or of a node’s ENIs, free addresses of a subnet or network',
    example: '3',
    of: 'all',
  },
  used: { type: 'number', about: 'addresses in use', example: '90%', of: 'all' },
  blocks: { type: 'number', about: 'free /28 blocks', example: '0' },
  room: { type: 'number', about: 'how many more pods can get an address', example: '0' },
  limited: { type: 'word', about: 'what limits the room for pods', example: 'subnet', words: HEADROOM_LIMITS },
  pods: { type: 'number', about: 'pods', example: '0', of: 'max pods' },
  enis: { type: 'number', about: 'attached ENIs', example: '3', of: 'the limit' },
  ready: { type: 'word', about: 'whether the node is Ready', example: 'no', words: YES_NO },
  cordoned: { type: 'word', about: 'whether the node is cordoned', example: 'yes', words: YES_NO },
  gone: { type: 'word', about: 'whether the node is deleted', example: 'yes', words: YES_NO },
  cni: { type: 'whole', about: 'version of the VPC CNI', example: 'v1.20.*' },
  mode: { type: 'word', about: 'address mode of the VPC CNI', example: 'prefix', words: CNI_MODES },
  compute: { type: 'word', about: 'what the node runs on', example: 'fargate', words: COMPUTE_TYPES },
  plugin: { type: 'whole', about: 'CNI plugin', example: 'macvlan' },
  parent: { type: 'whole', about: 'parent interface of a network', example: 'ens6' },
  missing: { type: 'word', about: 'whether the network does not exist', example: 'yes', words: YES_NO },
  link: { type: 'word', about: 'how certain the link to the ENI is', example: 'inferred', words: CERTAINTIES },
  backed: { type: 'word', about: 'what backs the address', example: 'none', words: BACKINGS },
  phase: { type: 'whole', about: 'phase of the pod', example: 'Pending' },
  owner: { type: 'name', about: 'owner of the pod', example: 'upf' },
  host: { type: 'word', about: 'whether the pod is on the host network', example: 'yes', words: YES_NO },
} as const satisfies Readonly<Record<string, KeySpec>>;

export type Key = keyof typeof KEYS;

export const specOf = (key: Key): KeySpec => KEYS[key];

/** Whether the word is a key. */
export const isKey = (word: string): word is Key => Object.hasOwn(KEYS, word);
