/**
 * ipamd's decisions and sums, written from vpc-cni §1.2, §2.2–2.4 and §8 for the captures alone; the code under test must
 * come to the same by itself.
 */
import type { EniSpec } from './types';

export interface Settings {
  readonly mode: 'secondary-ip' | 'prefix' | 'ipv6';
  readonly multiNic: boolean;
  readonly custom: boolean;
  readonly podEni: boolean;
  readonly manageUntagged: boolean;
  readonly imdsOnly: boolean;
  readonly warmEni: number;
  readonly warmIp: number;
  readonly minimumIp: number;
  readonly warmPrefix: number;
  readonly maxEni: number;
  readonly cooldownSeconds: number;
}

/** Go's strconv.ParseBool; junk and nothing give the default (§9). */
function goBool(text: string | undefined, standard: boolean): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text ?? '')) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text ?? '')) return false;
  return standard;
}

function goInt(text: string | undefined, standard: number, lowest: number): number {
  return text !== undefined && /^[+-]?\d+$/.test(text) && Number(text) >= lowest ? Number(text) : standard;
}

/** Whether a release, `v1.20.4-eksbuild.1`, is that one or later. */
export function isSince(version: string, minor: number, patch = 0): boolean {
  const [, have = Infinity, of = 0] = /^v1\.(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return have > minor || (have === minor && of >= patch);
}

export function settingsOf(env: Readonly<Record<string, string>>, nitro: boolean, version: string): Settings {
  const prefix = goBool(env['ENABLE_PREFIX_DELEGATION'], false) && nitro;
  return {
    mode: goBool(env['ENABLE_IPv6'], false) ? 'ipv6' : prefix ? 'prefix' : 'secondary-ip',
    multiNic: isSince(version, 20) && goBool(env['ENABLE_MULTI_NIC'], false),
    custom: goBool(env['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'], false),
    podEni: goBool(env['ENABLE_POD_ENI'], false),
    manageUntagged: goBool(env['MANAGE_UNTAGGED_ENI'], true),
    imdsOnly: isSince(version, 19, 6) && goBool(env['ENABLE_IMDS_ONLY_MODE'], false),
    warmEni: goInt(env['WARM_ENI_TARGET'], 1, 0),
    warmIp: goInt(env['WARM_IP_TARGET'], 0, 0),
    minimumIp: goInt(env['MINIMUM_IP_TARGET'], 0, 0),
    warmPrefix: goInt(env['WARM_PREFIX_TARGET'], 0, 0),
    maxEni: goInt(env['MAX_ENI'], -1, 1),
    cooldownSeconds: isSince(version, 15) ? goInt(env['IP_COOLDOWN_PERIOD'], 30, 0) : 30,
  };
}

export interface Decision {
  readonly state: 'managed' | 'unmanaged' | 'outside';
  readonly rule: string;
}

const TAG = 'node.k8s.amazonaws.com/';

/** `alone`: no other managed ENI on the card. */
export function decide(
  eni: Required<Pick<EniSpec, 'card' | 'dev' | 'type'>> & { readonly tags: Readonly<Record<string, string>> },
  instance: string,
  settings: Settings | null,
  cardManaged: boolean,
): Decision {
  if (eni.type === 'branch') return { state: 'outside', rule: 'branch' };
  if (settings === null) return { state: 'outside', rule: 'no-ipamd' };
  if (eni.card === 0 && eni.dev === 0) return { state: 'managed', rule: 'primary' };
  if (!settings.imdsOnly) {
    const noManage = eni.tags[`${TAG}no_manage`];
    if (noManage === 'true') return { state: 'unmanaged', rule: 'no-manage-tag' };
    const own = noManage === undefined && eni.tags[`${TAG}instance_id`] !== instance;
    if (own && !settings.manageUntagged) return { state: 'unmanaged', rule: 'untagged-ignored' };
  }
  if (!cardManaged) return { state: 'outside', rule: 'card-not-managed' };
  if (settings.imdsOnly) return { state: 'managed', rule: 'imds-only' };
  if (eni.type === 'efa-only') return { state: 'outside', rule: 'efa-only' };
  if (eni.type === 'trunk') return { state: 'managed', rule: 'trunk' };
  if (eni.tags[`${TAG}no_manage`] !== undefined) return { state: 'managed', rule: 'no-manage-tag-false' };
  const tagged = eni.tags[`${TAG}instance_id`] === instance;
  return { state: 'managed', rule: tagged ? 'instance-id-tag' : 'untagged-adopted' };
}

export interface Counts {
  readonly total: number;
  readonly assigned: number;
  readonly slots: number;
  readonly prefixes: number;
  readonly freePrefixes: number;
  readonly maxPods: number;
}

export interface Need {
  readonly low: boolean;
  readonly high: boolean;
  readonly short: number;
  readonly over: number;
}

/** §2.4 for one card's datastore. `short` and `over` have the units of the record `Pool`. */
export function need(settings: Settings, card: number, counts: Counts): Need {
  const { total: T, assigned: A, slots: S, prefixes: P, freePrefixes: fp, maxPods } = counts;
  const V = T - A;
  const W = card === 0 ? settings.warmIp : 1;
  const M = card === 0 ? settings.minimumIp : 1;
  const enough = T >= maxPods;
  const of = (short: number, over: number, low: boolean, high: boolean): Need => ({
    low: low && !enough,
    high,
    short: low && !enough ? short : 0,
    over,
  });
  if (W !== 0 || M !== 0) {
    const short = Math.max(Math.max(W - V, 0), M - T);
    const over = Math.max(Math.min(Math.max(V - W, 0), T - M), 0);
    if (settings.mode !== 'prefix' || card > 0) return of(Math.max(short, 0), over, short > 0, over > 0);
    const first = Math.max(Math.min(fp, P - Math.ceil((A + W) / 16)), 0);
    const overPrefixes = Math.max(Math.min(first, P - Math.ceil(M / 16)), 0);
    return of(Math.ceil(Math.max(short, 0) / 16), overPrefixes, short > 0, overPrefixes > 0);
  }
  if (settings.mode === 'prefix') {
    const target = settings.warmPrefix;
    const low = V < target * 16 || (target === 0 && V === 0);
    return of(Math.max(1, target - fp), Math.max(fp - target, 0), low, fp > target);
  }
  return of(0, 0, V < settings.warmEni * S || (settings.warmEni === 0 && V === 0), false);
}
