/** Claims that the scheduler could not allocate, and the devices that exist for them. */
import type { NodeRecord, PodRecord } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import { PODS, RESOURCE_SLICES } from '../../model/source-ids';
import type { RuleContext } from '../rule/rule';
import { isSourceLive } from '../rule/trust';
import { counted, listed } from './words';

/** The device classes that the pod's pending claims name. */
export const classesOf = (pod: PodRecord): readonly string[] =>
  [
    ...new Set(pod.claims.filter(({ state }) => state !== 'allocated').flatMap(({ deviceClasses }) => deviceClasses)),
  ].sort();

/** What the pod's pending claims request, and what network drivers publish. */
export function claimLines(pod: PodRecord, context: RuleContext): readonly string[] {
  const open = pod.claims.filter(({ state }) => state !== 'allocated');
  const lines = open.map(
    ({ name, claim, deviceClasses, state }) =>
      `Kubernetes: claim ${claim ?? name} (${deviceClasses.length === 0 ? 'no device class known' : `class ${listed(deviceClasses)}`}) is ${state}`,
  );
  if (!isSourceLive(context.read, RESOURCE_SLICES)) return lines;
  const pools = poolsOf(context);
  const devices = pools.reduce((sum, pool) => sum + pool.devices, 0);
  const tainted = pools.flatMap((pool) => pool.tainted);
  return [
    ...lines,
    pools.length === 0
      ? 'Kubernetes: no ResourceSlice of a network driver lists a device on any node'
      : `Kubernetes: ResourceSlices of network drivers list ${counted(devices, 'device')} in ${counted(pools.length, 'pool')}`,
    ...allocatedLines(pools, context),
    ...(tainted.length === 0
      ? []
      : [`Kubernetes: tainted, so only for claims that tolerate it: ${listed(tainted.sort(byCodeUnit), 3)}`]),
  ];
}

type Allocated = NodeRecord['devicePools'][number]['allocated'][number];

/** Whether the claim is reserved for no known pod. A capture may lack pods. */
const isIdle = ({ pods }: Allocated, { read }: RuleContext): boolean => pods.length === 0 && isSourceLive(read, PODS);

/** Which claims have the devices that network drivers publish. */
function allocatedLines(pools: NodeRecord['devicePools'], context: RuleContext): readonly string[] {
  const held = pools.flatMap(({ allocated }) => allocated);
  if (held.length === 0) return [];
  const devices = pools.reduce((sum, pool) => sum + pool.devices, 0);
  const taken = pools.reduce((sum, { allocated }) => sum + new Set(allocated.map(({ device }) => device)).size, 0);
  const names = held.map(
    (one) => `${one.device} by ${one.claim}${isIdle(one, context) ? '; no known pod uses it' : ''}`,
  );
  return [`Kubernetes: ${taken} of these ${devices} ${taken === 1 ? 'is' : 'are'} allocated: ${listed(names, 4)}`];
}

/** Claims that have a device and that no pod uses. */
export const idleClaims = (context: RuleContext): readonly string[] => {
  const held = poolsOf(context).flatMap(({ allocated }) => allocated);
  return [...new Set(held.flatMap((one) => (isIdle(one, context) ? one.claim : [])))].sort();
};

const poolsOf = ({ read }: RuleContext): NodeRecord['devicePools'] =>
  isSourceLive(read, RESOURCE_SLICES) ? [...read.every('nodes')].flatMap(({ devicePools }) => devicePools) : [];

/** Whether every device that network drivers publish is tainted, so that only claims that tolerate a taint can be allocated one. */
export function areAllTainted(context: RuleContext): boolean {
  const pools = poolsOf(context);
  return (
    pools.length > 0 &&
    pools.every(({ devices, tainted }) => new Set(tainted.map((one) => one.split(': ')[0])).size === devices)
  );
}

/** Whether every device that network drivers publish is allocated. A device that several claims may share never counts as allocated. */
export function areAllAllocated(context: RuleContext): boolean {
  const pools = poolsOf(context);
  return (
    pools.length > 0 &&
    pools.every(({ devices, allocated }) => {
      const held = new Set(allocated.map(({ device }) => device));
      return held.size === devices && held.size === allocated.length;
    })
  );
}
