/** Kubernetes quantities of extended resources, which are whole numbers of devices. */
import { fields } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern } from '../read/intern';

const SUFFIX: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** `"4"`, `"2k"`, `4` → a number; null for anything else. */
export function quantity(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  const match = /^(\d{1,15}(?:\.\d{1,9})?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(value);
  if (match === null) return null;
  return Number(match[1]) * (SUFFIX[match[2] ?? ''] ?? 1);
}

/** Extended resources have a domain, for example `vpc.amazonaws.com/pod-eni`; cpu, memory and the like do not. */
const isExtended = (name: string): boolean => name.includes('/');

const NONE: Readonly<Record<string, number>> = Object.freeze({});

/** The extended resources of a resource list. */
export function extendedResources(value: unknown): Readonly<Record<string, number>> {
  let result: Map<string, number> | null = null;
  const list = fields(value);
  for (const name in list) {
    if (!isExtended(name)) continue;
    const number = quantity(list[name]);
    if (number !== null) (result ??= new Map()).set(intern(name), number);
  }
  return result === null ? NONE : Object.fromEntries(result);
}

/**
 * The extended resources that a pod requests, as the scheduler counts them: the sum over its containers and restartable
 * init containers, but at least the request of any plain init container. Limits replace missing requests, because the API
 * server makes them equal for extended resources.
 */
export function podResources(spec: Fields): Readonly<Record<string, number>> {
  let total: Map<string, number> | null = null;
  for (const container of listOf(spec['containers'])) total = add(total, container);
  for (const container of listOf(spec['initContainers'])) {
    if (container['restartPolicy'] === 'Always') total = add(total, container);
  }
  for (const container of listOf(spec['initContainers'])) {
    if (container['restartPolicy'] === 'Always') continue;
    const requested = requestedQuantity(container);
    for (const name in requested) {
      total ??= new Map();
      total.set(name, Math.max(total.get(name) ?? 0, requested[name] ?? 0));
    }
  }
  return total === null ? NONE : Object.fromEntries(total);
}

function* listOf(value: unknown): Generator<Fields> {
  if (Array.isArray(value)) for (const item of value) yield fields(item);
}

function requestedQuantity(container: Fields): Readonly<Record<string, number>> {
  const resources = fields(container['resources']);
  const requests = extendedResources(resources['requests']);
  return requests === NONE ? extendedResources(resources['limits']) : requests;
}

function add(total: Map<string, number> | null, container: Fields): Map<string, number> | null {
  const requested = requestedQuantity(container);
  let sum = total;
  for (const name in requested) {
    sum ??= new Map();
    sum.set(name, (sum.get(name) ?? 0) + (requested[name] ?? 0));
  }
  return sum;
}
