/**
 * Pods of a random cluster with devices by claim: whole ENIs, EFA devices that several pods share, GPUs, virtual functions. What a pod has
 * is drawn first; what slices, claims and pods then say of it follows, and so does the truth.
 */
import type { Cluster } from './kit/cluster';
import { claimObject, classObject, type ClaimVersion, type Given, type Request } from './kit/claim';
import type { Eni } from './kit/eni';
import { oneOf, sameSet } from './kit/compare';
import type { Node } from './kit/node';
import type { Random } from './kit/random';
import type { Expectation, Fields, Json } from './kit/types';
import { DRANET, gpus, GPU, nicsOf, publish, publishNics, type Nic } from './random-devices';
import { place } from './random-pods';

const NICS = 'nics';
const EFA = 'efa.networking.k8s.aws';
export const CLASSES = { [NICS]: DRANET, [EFA]: DRANET, gpus: GPU };

export interface ClaimsAround {
  readonly c: Cluster;
  readonly node: Node;
  readonly gives: readonly Eni[];
  readonly random: Random;
  readonly version: ClaimVersion;
  readonly at: number;
}

export function drawVersion(c: Cluster, random: Random): ClaimVersion | null {
  if (random.chance(0.4)) return null;
  const version = random.pick(['v1', 'v1', 'v1beta2', 'v1beta1'] as const);
  for (const [name, driver] of Object.entries(CLASSES)) c.object(classObject(version, name, driver));
  return version;
}

const ready = (reason: string, status = 'True'): Json => ({
  type: 'Ready',
  status,
  reason,
  message: status === 'True' ? '' : 'netlink: no such device',
  lastTransitionTime: '2026-09-01T09:00:05Z',
});

/** How the pod names its claim. */
type Form = 'name' | 'template' | 'name lost' | 'extended';

interface Wanted {
  readonly requests: readonly Request[];
  readonly given: readonly Given[] | null;
  /** By device: the interface that it is, without the id of the pod. */
  readonly faces: readonly (Fields & { readonly as: string; readonly device: string })[];
  /** By device: what the record of the pod says of it. */
  readonly devices: readonly Fields[];
}

/** One claim and the pods that share it. */
function claimed(around: ClaimsAround, pods: readonly string[], wanted: Wanted, form: Form): void {
  const { c, node, version } = around;
  const [first = ''] = pods;
  const isTemplate = form === 'template' || form === 'name lost';
  const claim = isTemplate ? `${first}-dev-x7k2p` : `${first}-claim`;
  c.object(
    claimObject(version, {
      namespace: 'ai',
      name: claim,
      requests: wanted.requests,
      given: wanted.given,
      node: node.name,
      pods: wanted.given === null ? [] : pods.map((name) => ({ name, uid: `uid-ai-${name}` })),
      ...(isTemplate ? { madeFor: 'dev' } : {}),
    }),
  );
  for (const name of pods) {
    const key = `ai/${name}`;
    claimPod(around, key, claim, form, wanted.given !== null);
    for (const { as, device, ...face } of wanted.faces)
      c.interfaces[`if:${key}/${as}`] = {
        pod: `pod:${key}`,
        node: node.id,
        ...face,
        claim: { name: claim, driver: DRANET, device, pods: pods.length, ...(face['claim'] as Fields | undefined) },
      };
    c.expect('pods', `pod:${key}`, {
      claims: [
        {
          name: form === 'extended' ? 'extended-resources' : 'dev',
          claim,
          template: isTemplate ? 'dev-template' : null,
          state: wanted.given === null ? 'pending' : 'allocated',
          pods: wanted.given === null ? 0 : pods.length,
          devices: wanted.devices.map(({ as, ...device }) => ({
            ...device,
            interface: typeof as === 'string' ? `if:${key}/${as}` : null,
          })),
        },
      ],
    });
  }
}

/** The pod itself, with an address of ipamd's where it runs. */
function claimPod(
  { c, node, gives, random }: ClaimsAround,
  key: string,
  claim: string,
  form: Form,
  runs: boolean,
): void {
  const placed = runs ? place(node, gives, random) : null;
  const ips = placed === null ? [] : [placed.held.ip];
  const isTemplate = form === 'template' || form === 'name lost';
  c.write(key, runs ? node : null, ips, {
    uid: `uid-${key.replace('/', '-')}`,
    phase: placed === null ? 'Pending' : 'Running',
    more: {
      spec:
        form === 'extended'
          ? {}
          : {
              resourceClaims: [
                {
                  name: 'dev',
                  ...(isTemplate ? { resourceClaimTemplateName: 'dev-template' } : { resourceClaimName: claim }),
                },
              ],
            },
      status:
        form === 'template'
          ? { resourceClaimStatuses: [{ name: 'dev', resourceClaimName: claim }] }
          : form === 'extended'
            ? {
                extendedResourceClaimStatus: {
                  resourceClaimName: claim,
                  requestMappings: [{ containerName: 'main', resourceName: 'example.com/nic', requestName: 'dev' }],
                },
              }
            : {},
    },
  });
  if (!runs) return;
  const id = `if:${key}/eth0`;
  if (placed === null) {
    c.interfaces[id] = {
      node: node.id,
      network: 'cluster',
      ips: [],
      state: 'requested',
      eni: null,
      link: { rule: 'none' },
    };
    return;
  }
  placed.held.holder = id;
  placed.held.freedSecondsAgo = null;
  c.expectLink(id, node, placed);
}

const at = (eni: Eni): Fields => ({ eni: eni.id, card: eni.card });
const backed = (ip: string, eni: Eni | null): Fields => ({
  ip,
  family: 4,
  backed: eni === null ? 'none' : 'eni',
  eni: eni?.id ?? null,
});

/** What the driver says of an ENI that it gave a pod. */
const REPORTS = ['all', 'all', 'addresses', 'MAC', 'own address', 'nothing', 'failed'] as const;

/** A whole ENI. */
function wholeNic(nic: Nic, random: Random, request: Request): Pick<Wanted, 'faces' | 'devices'> & { given: Given } {
  const { eni, name } = nic;
  const report = random.pick(REPORTS);
  nic.moved = report !== 'failed';
  const own = report === 'own address' ? eni.subnet.take() : (eni.ip ?? '');
  const ips = ['all', 'addresses', 'own address'].includes(report) ? [own] : [];
  const mac = ['all', 'MAC', 'own address'].includes(report) ? eni.mac : null;
  const isTold = report !== 'nothing' && report !== 'failed';
  const as = isTold ? `gpu${String(eni.card)}nic0` : `~${name}`;
  const told =
    report === 'nothing'
      ? null
      : report === 'failed'
        ? { conditions: [ready('NetworkDeviceFailed', 'False')] }
        : {
            conditions: [ready('NetworkDeviceReady')],
            data: { secret: 'of the driver' },
            networkData: {
              interfaceName: as,
              ...(mac === null ? {} : { hardwareAddress: mac.toUpperCase() }),
              ips: ips.map((ip) => `${ip}/16`),
            },
          };
  // The slice has forgotten the MAC, and the claim does not have it.
  const isLost = report === 'nothing';
  const face = {
    as,
    device: name,
    name: isTold ? as : null,
    network: `class:${request.deviceClass}`,
    ips,
    mac: mac === null ? null : mac.toLowerCase(),
    addresses: ips.map((ip) => backed(ip, ip === eni.ip ? eni : null)),
    state: isTold ? 'reported' : 'requested',
    claim: { whole: true, ...(isTold ? { kind: 'network' } : {}) },
    ...(isLost
      ? { eni: null, card: null, link: { certainty: 'unknown' } }
      : { ...at(eni), link: { certainty: 'observed' } }),
  };
  return {
    given: { request: nameOf(request), driver: DRANET, pool: '', device: name, told },
    faces: [face],
    devices: [
      {
        driver: DRANET,
        device: name,
        deviceClass: request.deviceClass,
        listed: true,
        ready: report === 'nothing' ? null : report !== 'failed',
        pciAddress: nic.pciAddress,
        as,
      },
    ],
  };
}

const nameOf = ({ name, alternative }: Request): string =>
  alternative === undefined ? name : `${name}/${alternative}`;

/** The pods' own interfaces know their ENI, and the ENI whose it is. */
function owned(c: Cluster, nic: Nic, ids: readonly string[], knows: boolean): void {
  const { eni } = nic;
  const [id] = ids;
  const face = c.interfaces[id ?? ''];
  const hasAddress = Array.isArray(face?.['ips']) && (face['ips'] as readonly Expectation[]).includes(eni.ip);
  if (knows && hasAddress && id !== undefined) eni.owner = id;
  c.expect('enis', eni.id, {
    claimedBy: knows ? sameSet(...ids) : [],
    ...(knows ? { capacity: nic.isEfa ? oneOf(0, null) : null, addressCapacity: () => null } : {}),
  });
}

function gpuOf(index: number): Pick<Wanted, 'devices'> & { given: Given } {
  const device = `gpu-${String(index)}`;
  return {
    given: { request: 'gpu', driver: GPU, pool: '', device, told: null },
    devices: [{ driver: GPU, device, deviceClass: 'gpus', kind: 'gpu', listed: true }],
  };
}

/** An EFA function has neither MAC nor address: its ENI is told by its place. */
function efa(around: ClaimsAround, nic: Nic, number: number): void {
  const { c, node, random } = around;
  const sharers = random.between(1, 3);
  const pods = Array.from(
    { length: sharers },
    (_, each) => `efa-${String(around.at)}-${String(number)}-${String(each)}`,
  );
  const as = `~${nic.name}`;
  claimed(
    around,
    pods,
    {
      requests: [{ name: 'dev', deviceClass: EFA }],
      given: [
        {
          request: 'dev',
          driver: DRANET,
          pool: node.name,
          device: nic.name,
          told: { conditions: [ready('RDMAOnlyDeviceReady')] },
        },
      ],
      faces: [
        {
          as,
          device: nic.name,
          name: null,
          network: `class:${EFA}`,
          ips: [],
          mac: null,
          state: 'reported',
          claim: { kind: 'rdma', whole: true },
          ...at(nic.eni),
          link: { certainty: 'inferred' },
        },
      ],
      devices: [{ driver: DRANET, device: nic.name, deviceClass: EFA, kind: 'rdma', ready: true, listed: true, as }],
    },
    sharers === 1 ? 'template' : 'name',
  );
  owned(
    c,
    nic,
    pods.map((pod) => `if:ai/${pod}/${as}`),
    true,
  );
}

/** Several pods have a part of one ENI, which stays in the host: an ipvlan each, with a secondary address of it. */
function shares(around: ClaimsAround, nic: Nic, number: number): void {
  const { c, node, random, at: of } = around;
  const { eni, name } = nic;
  for (let each = random.between(1, 3); each > 0; each -= 1) {
    const pod = `share-${String(of)}-${String(number)}-${String(each)}`;
    const held = eni.add();
    held.holder = `if:ai/${pod}/sub0`;
    claimed(
      around,
      [pod],
      {
        requests: [{ name: 'dev', deviceClass: NICS }],
        given: [
          {
            request: 'dev',
            driver: DRANET,
            pool: node.name,
            device: name,
            share: `s-${String(each)}`,
            told: {
              conditions: [ready('NetworkDeviceReady')],
              networkData: { interfaceName: 'sub0', hardwareAddress: eni.mac, ips: [`${held.ip}/16`] },
            },
          },
        ],
        faces: [
          {
            as: 'sub0',
            device: name,
            name: 'sub0',
            network: `class:${NICS}`,
            ips: [held.ip],
            mac: eni.mac,
            addresses: [backed(held.ip, eni)],
            state: 'reported',
            claim: { whole: false, kind: 'network' },
            ...at(eni),
            link: { certainty: 'observed' },
          },
        ],
        devices: [
          { driver: DRANET, pool: node.name, device: name, deviceClass: NICS, ready: true, listed: true, as: 'sub0' },
        ],
      },
      random.pick(['name', 'template', 'extended']),
    );
  }
  c.expect('enis', eni.id, { claimedBy: [] });
}

export function makeClaims(around: ClaimsAround): void {
  const { c, node, random, version } = around;
  const nics = nicsOf(node, random);
  if (nics.length === 0) return;
  const hasGpus = random.chance(0.5);
  let number = 0;
  for (const nic of nics) {
    number += 1;
    if (random.chance(0.3)) continue;
    if (nic.isEfa) {
      efa(around, nic, number);
      continue;
    }
    if (random.chance(0.2)) {
      shares(around, nic, number);
      continue;
    }
    const pod = `rank-${String(around.at)}-${String(number)}`;
    const request: Request = { name: 'dev', deviceClass: NICS, ...(random.chance(0.2) ? { alternative: 'fast' } : {}) };
    const whole = wholeNic(nic, random, request);
    const gpu = hasGpus && number <= gpus.length ? gpuOf(number - 1) : null;
    const given = [whole.given, ...(gpu === null ? [] : [gpu.given])].map((one) => ({ ...one, pool: node.name }));
    claimed(
      around,
      [pod],
      {
        requests: [request, ...(gpu === null ? [] : [{ name: 'gpu', deviceClass: 'gpus' }])],
        given,
        faces: whole.faces,
        devices: [...whole.devices, ...(gpu === null ? [] : gpu.devices)].map((one) => ({ ...one, pool: node.name })),
      },
      random.pick(['name', 'template', 'name lost', 'extended']),
    );
    const [face] = whole.faces;
    owned(c, nic, [`if:ai/${pod}/${face?.as ?? ''}`], face?.['eni'] === nic.eni.id);
  }
  if (random.chance(0.3))
    claimed(
      around,
      [`waits-${String(around.at)}`],
      { requests: [{ name: 'dev', deviceClass: NICS }], given: null, faces: [], devices: [] },
      random.pick(['name', 'template']),
    );
  publishNics(c, node, nics, version, random);
  if (hasGpus) publish(c, node, GPU, gpus, version, random);
}
