/**
 * The history that derivation needs besides the current facts. It is the only part of the store that depends on arrival
 * order and time.
 */
import type { AwsNodeMetricsFact, NodeFact, PodFact, ResourceSliceFact } from '../../model/facts';
import { equal } from '../../model/equal';
import { risesAfter, type Rise } from './counters';
import type { Changed } from './keys';
import { addressesOf, isFinished } from './parts';

/** A pod that ended, or left its node. `at` in epoch milliseconds. */
export interface EndedPod {
  readonly at: number;
  readonly pod: PodFact;
}

/** A MAC published by a ResourceSlice of that generation. */
export interface NamedMac {
  readonly mac: string;
  readonly generation: number;
}

/** A released address is kept for this long, whatever cooldown is set. Milliseconds. */
export const MAX_COOLDOWN = 10 * 60_000;

const NO_ADDRESSES: readonly string[] = [];
const NO_RELEASES: ReadonlyMap<string, number> = new Map();

/** The history kept besides the current facts: released addresses, ended pods, counters that increased. */
export class Histories {
  readonly #changed: Changed;
  readonly #releases = new Map<string, Map<string, number>>();
  readonly #ended = new Map<string, readonly EndedPod[]>();
  readonly #rises = new Map<string, readonly Rise[]>();
  readonly #podSeenAt = new Map<string, number>();
  readonly #nodeSeenAt = new Map<string, number>();

  /** By node: its number of slices, and by `DRIVER/POOL/NAME` of a device the MAC that a slice last published. */
  readonly #devices = new Map<string, { slices: number; readonly macs: Map<string, NamedMac> }>();

  constructor(changed: Changed) {
    this.#changed = changed;
  }

  /** When each address was released by a pod of the node (vpc-cni §2.1, IP_COOLDOWN_PERIOD), epoch milliseconds, by address. */
  releasesOn(node: string, now: number): ReadonlyMap<string, number> {
    const releases = this.#releases.get(node);
    if (releases === undefined) return NO_RELEASES;
    for (const [ip, at] of releases) if (at + MAX_COOLDOWN <= now) releases.delete(ip);
    if (releases.size === 0) this.#releases.delete(node);
    return releases;
  }

  /** Ended pods of the node that had requested an interface on every card: they released addresses that no API reports. */
  endedMultiNicOn(node: string, now: number): readonly EndedPod[] {
    const ended = this.#ended.get(node)?.filter(({ at }) => at + MAX_COOLDOWN > now) ?? [];
    if (ended.length === 0) this.#ended.delete(node);
    else this.#ended.set(node, ended);
    return ended;
  }

  /** Counters of the node's aws-node that have increased. */
  risesOn(node: string): readonly Rise[] {
    return this.#rises.get(node) ?? [];
  }

  /**
   * When a pod's addresses were first seen, epoch milliseconds; null once EC2 has been read after that. Changes only
   * with the pod's fact.
   */
  podSeenAt(key: string): number | null {
    return this.#podSeenAt.get(key) ?? null;
  }

  /** When a node's instance and addresses, which the EC2 requests are built from, were first seen. Otherwise as `podSeenAt`. */
  nodeSeenAt(name: string): number | null {
    return this.#nodeSeenAt.get(name) ?? null;
  }

  /** EC2 has answered as of this time, epoch milliseconds; earlier first-seen times are no longer needed. */
  ec2AnsweredAsOf(at: number): void {
    for (const seenAt of [this.#podSeenAt, this.#nodeSeenAt])
      for (const [key, seen] of seenAt) if (seen <= at) seenAt.delete(key);
  }

  pod(key: string, before: PodFact | undefined, after: PodFact | undefined, at: number): void {
    const old = before === undefined ? NO_ADDRESSES : addressesOf(before);
    const now = after === undefined ? NO_ADDRESSES : addressesOf(after);
    if (before?.node != null) {
      const stays = after?.node === before.node;
      const kept = new Set(stays ? now : NO_ADDRESSES);
      this.#release(
        before.node,
        old.filter((ip) => !kept.has(ip)),
        at,
      );
      const continues = stays && !isFinished(after) && after.uid === before.uid;
      if (before.nicConfig !== null && old.length > 0 && !continues) {
        this.#ended.set(before.node, [...(this.#ended.get(before.node) ?? []), { at, pod: before }]);
        this.#changed('endedMultiNic', before.node);
      }
    }
    if (after === undefined || isFinished(after)) this.#podSeenAt.delete(key);
    else if (
      before === undefined ||
      before.uid !== after.uid ||
      before.node !== after.node ||
      !equal(old, now) ||
      !equal(before.podEni, after.podEni)
    ) {
      this.#podSeenAt.set(key, at);
    }
  }

  #release(node: string, ips: readonly string[], at: number): void {
    if (ips.length === 0) return;
    const releases = this.#releases.get(node) ?? new Map<string, number>();
    for (const ip of ips) releases.set(ip, at);
    this.#releases.set(node, releases);
    this.#changed('releases', node);
  }

  node(name: string, before: NodeFact | undefined, after: NodeFact | undefined, at: number): void {
    if (after === undefined) this.#nodeSeenAt.delete(name);
    else if (before?.instanceId !== after.instanceId || !equal(before.internalIps, after.internalIps)) {
      this.#nodeSeenAt.set(name, at);
    }
  }

  /** The MAC that a slice last published for a device: drivers omit it while a pod has the link. */
  macOfDevice(node: string, device: string): NamedMac | null {
    return this.#devices.get(node)?.macs.get(device) ?? null;
  }

  /** The MACs of a node's devices are dropped with its last slice. */
  slice(before: ResourceSliceFact | undefined, after: ResourceSliceFact | undefined): void {
    if (after?.node != null) {
      const devices = this.#devices.get(after.node) ?? { slices: 0, macs: new Map<string, NamedMac>() };
      this.#devices.set(after.node, devices);
      devices.slices += 1;
      for (const { name, mac } of after.devices) {
        const device = `${after.driver}/${after.pool}/${name}`;
        const { generation } = after;
        const known = devices.macs.get(device);
        // A slice of an older generation may arrive later: lists have no order.
        if (
          mac === null ||
          (known !== undefined && (known.generation > generation || equal(known, { mac, generation })))
        )
          continue;
        devices.macs.set(device, { mac, generation });
        this.#changed('macsOfDevices', after.node);
      }
    }
    const former = before?.node == null ? undefined : this.#devices.get(before.node);
    if (before?.node == null || former === undefined) return;
    former.slices -= 1;
    if (former.slices > 0) return;
    this.#devices.delete(before.node);
    this.#changed('macsOfDevices', before.node);
  }

  metrics(node: string, before: AwsNodeMetricsFact | undefined, after: AwsNodeMetricsFact | undefined): void {
    const rises = after === undefined ? [] : risesAfter(this.#rises.get(node) ?? [], before, after);
    if (rises.length === 0) this.#rises.delete(node);
    else this.#rises.set(node, rises);
    this.#changed('rises', node);
  }
}
