/**
 * ResourceClaim (resource.k8s.io v1, v1beta2, v1beta1): the allocated devices, their pods, and the driver's report about
 * each. Opaque configuration and `data`, which drivers fill freely, are dropped.
 */
import type { ClaimedDevice, DeviceStatus, ResourceClaimFact } from '../../model/facts';
import { bareIp, canonicalMac } from '../../model/ip';
import { fields, items, readEach, text, timestamp } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern, internOrNull } from '../read/intern';
import { normaliser } from './object';

/** `node` is the node that the allocation's selector names; null for any other selector. */
export const normaliseResourceClaim = normaliser<'resourceClaim'>(({ spec, status }) => {
  const problems: string[] = [];
  const allocation = fields(status['allocation']);
  const tolerant = tolerantRequests(spec);
  return {
    requests: requestsOf(spec),
    allocated: status['allocation'] !== undefined && status['allocation'] !== null,
    allocatedAt: timestamp(allocation['allocationTimestamp']),
    node: nodeOf(fields(allocation['nodeSelector'])),
    devices: readEach(fields(allocation['devices'])['results'], (value) => {
      const device = claimedDevice(value);
      return device === null || !tolerant.has(device.request) ? device : { ...device, tolerates: true };
    }),
    pods: readEach(status['reservedFor'], (value) => {
      const { resource, name, uid } = fields(value);
      const pod = text(name);
      return resource !== 'pods' || pod === null ? null : { name: pod, uid: text(uid) ?? '' };
    }),
    status: readEach(status['devices'], (value) => deviceStatus(value, problems)),
    problems,
  };
});

/** v1 and v1beta2 nest under `exactly` what v1beta1 has in the request itself. */
function requestsOf(spec: Fields): ResourceClaimFact['requests'] {
  const found: { name: string; deviceClass: string }[] = [];
  const put = (name: string | null, of: Fields): void => {
    const deviceClass = text(of['deviceClassName']);
    if (name !== null && deviceClass !== null) found.push({ name: intern(name), deviceClass: intern(deviceClass) });
  };
  for (const value of items(fields(spec['devices'])['requests'])) {
    const request = fields(value);
    const name = text(request['name']);
    if (request['exactly'] !== undefined) put(name, fields(request['exactly']));
    else put(name, request);
    for (const one of items(request['firstAvailable'])) {
      const sub = fields(one);
      put(name === null ? null : `${name}/${text(sub['name']) ?? ''}`, sub);
    }
  }
  return found;
}

const isTolerant = (of: Fields): boolean => items(of['tolerations']).length > 0;

/** Requests with tolerations: before 1.35 the scheduler does not copy these into its results (kubernetes #134434). */
function tolerantRequests(spec: Fields): ReadonlySet<string> {
  const found = new Set<string>();
  for (const value of items(fields(spec['devices'])['requests'])) {
    const request = fields(value);
    const name = text(request['name']) ?? '';
    if (isTolerant(request) || isTolerant(fields(request['exactly']))) found.add(name);
    for (const one of items(request['firstAvailable']))
      if (isTolerant(fields(one))) found.add(`${name}/${text(fields(one)['name']) ?? ''}`);
  }
  return found;
}

/** The node of a selector that matches a single node by its name; null for any other. */
function nodeOf(selector: Fields): string | null {
  for (const term of items(selector['nodeSelectorTerms'])) {
    for (const value of items(fields(term)['matchFields'])) {
      const { key, operator, values } = fields(value);
      const names = items(values);
      if (key === 'metadata.name' && operator === 'In' && names.length === 1) return internOrNull(text(names[0]));
    }
  }
  return null;
}

const shareIdOf = (of: Fields): string | null => text(of['shareID']);

function claimedDevice(value: unknown): ClaimedDevice | null {
  const of = fields(value);
  const [driver, pool, device] = [text(of['driver']), text(of['pool']), text(of['device'])];
  if (driver === null || pool === null || device === null) return null;
  return {
    request: intern(text(of['request']) ?? ''),
    driver: intern(driver),
    pool: intern(pool),
    device: intern(device),
    shareId: shareIdOf(of),
    adminAccess: of['adminAccess'] === true,
    tolerates: isTolerant(of),
  };
}

function deviceStatus(value: unknown, problems: string[]): DeviceStatus | null {
  const of = fields(value);
  const named = claimedDevice(value);
  if (named === null) return null;
  const { driver, pool, device, shareId } = named;
  return {
    driver,
    pool,
    device,
    shareId,
    conditions: readEach(of['conditions'], (one) => {
      const condition = fields(one);
      const type = text(condition['type']);
      const status = text(condition['status']);
      if (type === null || status === null) return null;
      const message = text(condition['message'])?.slice(0, MAX_MESSAGE_LENGTH) ?? null;
      return { type: intern(type), status: intern(status), reason: internOrNull(text(condition['reason'])), message };
    }),
    network: of['networkData'] === undefined ? null : networkOf(fields(of['networkData']), device, problems),
  };
}

/** Characters. */
const MAX_MESSAGE_LENGTH = 1024;

function networkOf(data: Fields, device: string, problems: string[]): NonNullable<DeviceStatus['network']> {
  const ips: string[] = [];
  for (const one of items(data['ips'])) {
    const ip = typeof one === 'string' ? bareIp(one) : null;
    if (ip === null) problems.push(`networkData of ${device} holds something that is no address`);
    else if (!ips.includes(ip)) ips.push(ip);
  }
  const mac = text(data['hardwareAddress']);
  return {
    interfaceName: internOrNull(text(data['interfaceName'])),
    ips,
    mac: mac === null ? null : canonicalMac(mac),
  };
}
