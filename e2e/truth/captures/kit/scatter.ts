/** The same answers in other files: kinds mixed, one kind over several files, single objects, any order, any layout of the text. */
import type { CaptureFile } from './cluster';
import type { Random } from './random';
import type { Json } from './types';

type Bag = { readonly [key: string]: Json | undefined };

const EC2_LISTS = ['NetworkInterfaces', 'Reservations', 'InstanceTypes', 'Subnets', 'SubnetCidrReservations'];

export function scatter(files: readonly CaptureFile[], random: Random): CaptureFile[] {
  const objects: Json[] = [];
  const answers: (readonly [key: string, item: Json])[] = [];
  const rest: CaptureFile[] = [];
  for (const file of files) {
    if (!file.path.endsWith('.json') || !/^(kubernetes|ec2)\//.test(file.path)) {
      rest.push(file);
      continue;
    }
    const content = JSON.parse(file.text) as Bag;
    if (file.path.startsWith('kubernetes/')) {
      const { items } = content;
      if (!Array.isArray(items) || items.length === 0) rest.push(file);
      else objects.push(...(items as readonly Json[]));
      continue;
    }
    for (const key of EC2_LISTS) {
      for (const item of (content[key] ?? []) as readonly Json[]) answers.push([key, item]);
    }
  }
  const text = (value: Json): string => (random.chance(0.5) ? JSON.stringify(value) : JSON.stringify(value, null, 2));
  const parts: CaptureFile[] = [];
  for (const [at, part] of split(random.shuffle(objects), random).entries()) {
    const [single] = part;
    const value: Json =
      part.length === 1 && single !== undefined
        ? single
        : { apiVersion: 'v1', kind: 'List', items: part, metadata: {} };
    parts.push({ path: `kubernetes/part-${String(at)}.json`, text: text(value) });
  }
  for (const [at, part] of split(random.shuffle(answers), random).entries()) {
    const byKey: Record<string, Json[]> = {};
    for (const [key, item] of part) (byKey[key] ??= []).push(item);
    parts.push({ path: `ec2/part-${String(at)}.json`, text: text(byKey) });
  }
  return random.shuffle([...rest, ...parts]);
}

function split<T>(list: readonly T[], random: Random): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length;) {
    const size = random.chance(0.2) ? 1 : random.between(2, Math.max(2, list.length));
    parts.push(list.slice(at, at + size));
    at += size;
  }
  return parts;
}
