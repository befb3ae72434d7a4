import { expect, it } from 'vitest';
import { KINDS } from '../../normalise/kubernetes/kinds';
import { withoutUnreadKeys } from './dropped';
import { readPart } from './read-part';

const reader = (id: string): ((value: unknown) => unknown) => {
  const row = KINDS.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row.normalise;
};

const pod = (namespace: string, container: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace,
    name: 'aws-node-1',
    uid: 'u-1',
    labels: { 'k8s-app': 'aws-node' },
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"password":"hunter2"}',
      'k8s.v1.cni.cncf.io/networks': 'telco/n3',
    },
    managedFields: [{ manager: 'hunter2' }],
  },
  spec: {
    nodeName: 'node-1',
    hostNetwork: true,
    containers: [{ name: 'aws-node', image: 'amazon-k8s-cni:v1.20.4', ...container }],
    volumes: [{ secret: { secretName: 'hunter2' } }],
  },
  status: { phase: 'Running', podIPs: [{ ip: '10.0.0.4' }], conditions: [{ type: 'Ready', status: 'True' }] },
});

it('keeps what the normaliser reads, so that the part gives the same facts', () => {
  const read = reader('kubernetes/pods');
  const object = pod('kube-system', { env: [{ name: 'WARM_IP_TARGET', value: '5' }] });
  expect(read(readPart(object, [read]))).toEqual(read(object));
});

it('keeps no secret: no argument, no volume, no other annotation, no variable but the listed ones', () => {
  const object = pod('kube-system', {
    args: ['--password=hunter2'],
    command: ['hunter2'],
    env: [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'WARM_IP_TARGET', value: '5' },
      { name: 'MAX_ENI', valueFrom: { secretKeyRef: { name: 'hunter2' } } },
    ],
    envFrom: [{ secretRef: { name: 'hunter2' } }],
  });
  const text = JSON.stringify(readPart(object, [reader('kubernetes/pods')]));
  expect(text).toContain('WARM_IP_TARGET');
  expect(text).not.toContain('hunter2');
});

it('drops an annotation of which only the key was read', () => {
  const read = reader('kubernetes/pods');
  const object = {
    metadata: {
      name: 'a',
      namespace: 'shop',
      annotations: {
        'corp.example/hunter2': 'hunter2',
        'cni.example/x': 'hunter2',
        'k8s.v1.cni.cncf.io/network': 'lan',
      },
    },
  };
  const part = withoutUnreadKeys(object, readPart(object, [read]), [read]);
  expect(JSON.stringify(part)).not.toContain('hunter2');
  expect(read(part)).toEqual(read(object));
  expect(part).toMatchObject({ metadata: { annotations: { 'k8s.v1.cni.cncf.io/network': 'lan' } } });
});

it('keeps the positions in a list whose earlier entries were skipped', () => {
  const second = (value: unknown): unknown => (value as { list: { name: string }[] }).list[1]?.name;
  const part = readPart({ list: [{ name: 'a', x: 1 }, { name: 'b', x: 2 }, { name: 'c' }] }, [second]);
  expect(part).toEqual({ list: [null, { name: 'b' }] });
  expect(second(part)).toBe('b');
});

it('keeps the length if it was read', () => {
  const count = (value: unknown): unknown => (value as { list: unknown[] }).list.length;
  expect(count(readPart({ list: [1, 2, 3], more: 1 }, [count]))).toBe(3);
});

it('handles a reader that throws, and values that are not objects', () => {
  const fail = (value: unknown): never => {
    throw new Error(String((value as { a: number }).a));
  };
  expect(readPart({ a: 1, b: 2 }, [fail])).toEqual({ a: 1 });
  expect(readPart('text', [fail])).toBe('text');
});
