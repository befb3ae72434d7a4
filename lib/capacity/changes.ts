/** The changes of a what-if: as text in a URL or on a command line, and as values. */
import { isTargetName, type TargetName } from '../topology/pools/given';

/** The changes of a what-if. Null: unchanged. */
export interface Changes {
  /** Warm targets with their new values. */
  readonly targets: Readonly<Partial<Record<TargetName, number>>>;
  /** MAX_ENI; null: unchanged. */
  readonly maxEni: number | null;
  readonly prefixMode: boolean | null;
  /** Subnets for pods; a node uses the one in its zone. Empty: on, without known subnets. False: off. */
  readonly customNetworking: readonly string[] | false | null;
  /** Subnets that get the tag kubernetes.io/role/cni=1: subnet discovery then finds them for new ENIs. */
  readonly taggedSubnets: readonly string[] | null;
  /** Subnets that get the tag kubernetes.io/role/cni=0: pods get no more addresses from them. */
  readonly excludedSubnets: readonly string[] | null;
  readonly maxPods: number | null;
  readonly loseZone: string | null;
  readonly roll: string | null;
  /** Number of nodes that a roll creates before it drains as many. */
  readonly surge: number;
  /** How often each pod is replaced per hour. */
  readonly churn: number;
}

export const NO_CHANGES: Changes = {
  targets: {},
  maxEni: null,
  prefixMode: null,
  customNetworking: null,
  taggedSubnets: null,
  excludedSubnets: null,
  maxPods: null,
  loseZone: null,
  roll: null,
  surge: 1,
  churn: 1,
};

/** The keys before `=`, in the order of the URL. */
export const CHANGE_KEYS = [
  'WARM_ENI_TARGET',
  'WARM_IP_TARGET',
  'MINIMUM_IP_TARGET',
  'WARM_PREFIX_TARGET',
  'MAX_ENI',
  'prefix-mode',
  'custom-networking',
  'tag-subnets',
  'exclude-subnets',
  'max-pods',
  'lose-zone',
  'roll',
  'surge',
  'churn',
] as const;
export type ChangeKey = (typeof CHANGE_KEYS)[number];

const MAX_NUMBER = 100_000;

/** Null for anything but a whole number from `least` to `MAX_NUMBER`. */
function number(text: string, least: number): number | null {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= MAX_NUMBER ? value : null;
}

/** Null for anything but a number from 0 to 3600. */
function rate(text: string): number | null {
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  return value <= 3600 ? value : null;
}

const SUBNET = /^subnet-[\w-]+$/;

function subnetIds(text: string): readonly string[] | null {
  const ids = text.split(',').map((id) => id.trim());
  return ids.every((id) => SUBNET.test(id)) ? ids : null;
}

const subnets = (text: string): readonly string[] | false | null =>
  text === 'off' ? false : text === 'on' ? [] : subnetIds(text);

/** The valid values; follows the key in an error. */
const WANTED: Readonly<Record<ChangeKey, string>> = {
  WARM_ENI_TARGET: 'a number from 0',
  WARM_IP_TARGET: 'a number from 0',
  MINIMUM_IP_TARGET: 'a number from 0',
  WARM_PREFIX_TARGET: 'a number from 0',
  MAX_ENI: 'a number from 1',
  'prefix-mode': 'on or off',
  'custom-networking': 'on, off, or the subnets for pods with commas between',
  'tag-subnets': 'the subnets that get kubernetes.io/role/cni=1, with commas between',
  'exclude-subnets': 'the subnets that get kubernetes.io/role/cni=0, with commas between',
  'max-pods': 'a number from 1',
  'lose-zone': 'the name of a zone',
  roll: 'the name of a node group',
  surge: 'a number from 1',
  churn: 'how often each pod is replaced in an hour, a number from 0 to 3600',
};

const keyOf = (text: string): ChangeKey | undefined => CHANGE_KEYS.find((key) => key === text);

function withOne(changes: Changes, key: ChangeKey, value: string): Changes | null {
  const put = <K extends keyof Changes>(field: K, read: Changes[K] | null): Changes | null =>
    read === null ? null : { ...changes, [field]: read };
  switch (key) {
    case 'MAX_ENI':
      return put('maxEni', number(value, 1));
    case 'prefix-mode':
      return put('prefixMode', value === 'on' ? true : value === 'off' ? false : null);
    case 'custom-networking':
      return put('customNetworking', subnets(value));
    case 'tag-subnets':
      return put('taggedSubnets', subnetIds(value));
    case 'exclude-subnets':
      return put('excludedSubnets', subnetIds(value));
    case 'max-pods':
      return put('maxPods', number(value, 1));
    case 'surge':
      return put('surge', number(value, 1));
    case 'churn':
      return put('churn', rate(value));
    case 'lose-zone':
      return put('loseZone', value === '' ? null : value);
    case 'roll':
      return put('roll', value === '' ? null : value);
    default: {
      const target = number(value, 0);
      return target === null || !isTargetName(key)
        ? null
        : { ...changes, targets: { ...changes.targets, [key]: target } };
    }
  }
}

/** Parses `KEY=value` texts; a text with the error, in one line, if they are invalid. */
export function readChanges(texts: readonly string[]): Changes | string {
  let changes = NO_CHANGES;
  for (const text of texts) {
    const at = text.indexOf('=');
    const key = keyOf(text.slice(0, Math.max(0, at)).trim());
    if (key === undefined) return `${text}: no such change; give one of ${CHANGE_KEYS.join(', ')} as KEY=VALUE`;
    const next = withOne(changes, key, text.slice(at + 1).trim());
    if (next === null) return `${text}: ${key} is ${WANTED[key]}`;
    changes = next;
  }
  return changes;
}

/** The valid texts, each key once, in the order of the keys: a URL may contain anything. */
export function readableChanges(texts: readonly string[]): readonly string[] {
  const readable = texts.filter((text) => typeof readChanges([text]) !== 'string');
  return CHANGE_KEYS.flatMap((key) => readable.findLast((text) => text.startsWith(`${key}=`)) ?? []);
}

/** The value of a key among the texts; empty: unchanged. */
export const valueOf = (texts: readonly string[], key: ChangeKey): string =>
  texts.find((text) => text.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';

/** The texts with another value for a key; an empty value removes it. */
export const withValue = (texts: readonly string[], key: ChangeKey, value: string): readonly string[] => {
  const others = texts.filter((text) => !text.startsWith(`${key}=`));
  return value === '' ? others : [...others, `${key}=${value}`];
};
