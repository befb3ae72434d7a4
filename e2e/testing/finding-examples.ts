/** Records with a problem, used by the tests of several files. */
import type { EniRecord } from '../../lib/model/records';
import { ago, eni, network, pool } from './findings';

/** Leaked by ipamd two hours ago; its tag contains the instance on which it was created. */
export const leakedBy = (instance: string): EniRecord =>
  eni('eni-l', {
    node: null,
    instanceId: null,
    card: null,
    deviceIndex: null,
    role: 'secondary',
    status: 'available',
    description: 'aws-K8S-i-gone',
    creator: 'ipamd',
    tags: { 'node.k8s.amazonaws.com/instance_id': instance },
    createdAt: ago(7_200),
  });

/** A network that gives the host's device to a single pod. */
export const hostDevice = network('hd', {
  plugins: ['host-device'],
  parent: { kind: 'host-device', value: 'ens8' },
  semantics: {
    leavesNodeOnEni: true,
    macPolicy: 'parent',
    onePodPerDevice: true,
    perNode: false,
    linkInContainer: false,
    kernelInterface: true,
  },
});

/** A pool below its target that ipamd is about to fill. */
export const lowPool = pool({
  available: 2,
  low: true,
  short: 7,
  next: { action: 'add-addresses', count: 7, reason: 'below the target', blockedBy: null },
});
