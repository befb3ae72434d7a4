/** A node of a capture: its object, its instance, its ENIs and what ipamd has made of them. */
import { Eni, inIpamd, isTaken, type Held } from './eni';
import { decide, isSince, need, settingsOf, type Decision, type Settings } from './oracle';
import type { Fields, InstanceLimits, Json, NodeSpec, EniSpec } from './types';
import type { Subnet } from './subnet';

export const TAKEN = Date.parse('2026-09-01T12:00:00Z');
export const ago = (seconds: number): string => new Date(TAKEN - seconds * 1000).toISOString().replace('.000Z', 'Z');

export class Node {
  readonly enis: Eni[] = [];
  /** ENIs in ipamd's list that are no longer on the instance. */
  readonly strays: Eni[] = [];
  readonly settings: Settings | null;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly limits: InstanceLimits | null;
  readonly instance: string | null;
  readonly zone: string;
  readonly maxPods: number;

  constructor(
    readonly name: string,
    readonly spec: NodeSpec,
    readonly subnet: Subnet,
    daemonEnv: Readonly<Record<string, string>>,
    limitsOf: (type: string) => InstanceLimits,
    readonly number: number,
    readonly nextEni: () => number,
  ) {
    const type = spec.type === undefined ? 'm5.large' : spec.type;
    this.limits = type === null ? null : limitsOf(type);
    this.instance = spec.instance === false ? null : `i-0${String(number).padStart(16, '0')}`;
    this.zone = spec.zone ?? subnet.zone;
    this.env = { ...daemonEnv, ...spec.env };
    this.version = spec.version ?? 'v1.23.1-eksbuild.1';
    const nitro = this.limits === null || this.limits.bareMetal === true || this.limits.hypervisor !== 'xen';
    this.settings = spec.ipamd === false ? null : settingsOf(this.env, nitro, this.version);
    const cards = this.limits?.cards ?? [1];
    this.maxPods = spec.maxPods ?? (cards[0] ?? 0) * ((this.limits?.ipv4PerEni ?? 2) - 1) + 2;
    if (this.instance !== null) this.enis.push(new Eni({ ...spec.primary }, this.instance, subnet, nextEni()));
  }

  get id(): string {
    return `node:${this.name}`;
  }

  get type(): string | null {
    return this.spec.type === undefined ? 'm5.large' : this.spec.type;
  }

  get primary(): Eni {
    const [first] = this.enis;
    if (first === undefined) throw new Error(`${this.name} has no ENI`);
    return first;
  }

  eni(spec: EniSpec = {}, subnet = this.subnet): Eni {
    const eni = new Eni(spec, this.instance, subnet, this.nextEni());
    this.enis.push(eni);
    return eni;
  }

  cardManaged(card: number): boolean {
    if (card === 0) return true;
    if (this.settings?.multiNic !== true) return false;
    const here = this.enis.filter((eni) => eni.card === card && eni.type !== 'branch');
    if (!here.some(({ type }) => type === 'efa-only')) return true;
    return here.some(({ type, tags }) => type !== 'efa-only' && tags['node.k8s.amazonaws.com/no_manage'] !== 'true');
  }

  decision(eni: Eni): Decision {
    return decide(eni, this.instance ?? '', this.settings, this.cardManaged(eni.card));
  }

  role(eni: Eni): string {
    if (['trunk', 'branch', 'efa-only'].includes(eni.type)) return eni.type;
    return eni.card === 0 && eni.dev === 0 ? 'primary' : 'secondary';
  }

  get slots(): number {
    return (this.limits?.ipv4PerEni ?? 1) - 1;
  }

  /** ENIs from which ipamd hands out addresses on this card. */
  handingOut(card: number): Eni[] {
    return this.inDatastore().filter((eni) => eni.card === card);
  }

  /** What ipamd has in its list: what it manages, but for what it never took in, and what is gone from the instance. */
  inDatastore(): Eni[] {
    return [...this.enis.filter((eni) => !eni.unknown && this.decision(eni).state === 'managed'), ...this.strays];
  }

  /** Under custom networking ipamd does not read the prefixes of the primary ENI; its single addresses it does (getENIMetadata). */
  prefixesRead(eni: Eni): Eni['prefixes'] {
    return this.settings?.custom === true && eni === this.primary ? [] : eni.prefixes.filter(inIpamd);
  }

  private excluded(eni: Eni): boolean {
    return eni.subnet.tags['kubernetes.io/role/cni'] === '0' && this.env['ENABLE_SUBNET_DISCOVERY'] !== 'false';
  }

  addressState(eni: Eni, held: Held, inPrefix: boolean): string {
    const { settings } = this;
    if (held.holder !== null || held.hidden) return 'assigned';
    if (settings === null || eni.unknown || this.decision(eni).state !== 'managed') return 'unclaimed';
    if (this.excluded(eni) || (settings.mode === 'prefix') !== inPrefix) return 'excluded';
    if (!inIpamd(held)) return 'unclaimed';
    if (this.spec.enisJson !== undefined && this.spec.enisJson !== 'none' && held.freedSecondsAgo !== null) {
      return held.freedSecondsAgo <= settings.cooldownSeconds ? 'cooling' : 'warm';
    }
    return 'warm';
  }

  pool(card: number): Fields {
    const { settings } = this;
    if (settings === null) throw new Error(`${this.name} has no ipamd`);
    const enis = this.handingOut(card).filter((eni) => !this.excluded(eni));
    const prefixMode = settings.mode === 'prefix';
    const lists = prefixMode ? enis.flatMap((eni) => this.prefixesRead(eni)) : [];
    const free = lists.filter(({ held }) => !held.some(isTaken)).length;
    const addresses = prefixMode
      ? lists.flatMap(({ held }) => held)
      : enis.flatMap((eni) => eni.addresses.filter(inIpamd));
    const total = prefixMode ? lists.length * 16 : addresses.length;
    const assigned = addresses.filter(isTaken).length;
    const cooling = addresses.filter(
      (held) => !isTaken(held) && held.freedSecondsAgo !== null && held.freedSecondsAgo <= settings.cooldownSeconds,
    ).length;
    const ipamdKnown = this.spec.enisJson === 'per-card' || (this.spec.enisJson === 'old' && card === 0);
    const all = this.handingOut(card).reduce((sum, eni) => sum + this.prefixesRead(eni).length, 0);
    return {
      card,
      total,
      assigned,
      available: total - assigned,
      ...(ipamdKnown ? { cooling, warm: total - assigned - cooling } : {}),
      ...need(settings, card, {
        total,
        assigned,
        slots: this.slots,
        prefixes: all,
        freePrefixes: free,
        maxPods: isSince(this.version, 16, 3) ? this.maxPods : Infinity,
      }),
    };
  }

  get managedCards(): number[] {
    return (this.limits?.cards ?? [1]).map((_, card) => card).filter((card) => this.cardManaged(card));
  }

  /** Slots of one card: `used` counts all that is attached. */
  cardSlots(card: number): { limit: number; used: number; unmanaged: number; reserved: number; free: number } {
    const here = this.enis.filter((eni) => eni.card === card && eni.type !== 'branch' && eni.spec.attachment !== null);
    const maximum = this.limits?.cards[card] ?? 0;
    const cap =
      this.settings !== null && this.settings.maxEni > 0 && this.cardManaged(card)
        ? Math.min(maximum, this.settings.maxEni)
        : maximum;
    // ipamd's own count: all that it skips, EFA-only devices included (§1.3).
    const unmanaged = here.filter((eni) => this.decision(eni).state !== 'managed').length;
    // Before v1.20.4 on every type.
    const asks = !/^v1\.(1\d|20\.[0-3])\b/.test(this.version);
    const wanted = this.settings?.podEni === true && (!asks || (this.limits?.branches ?? 0) > 0) && card === 0;
    const reserved = wanted && !here.some(({ type }) => type === 'trunk') ? 1 : 0;
    const strays = this.strays.filter((eni) => eni.card === card).length;
    // Before v1.16.4 those of the other cards count against card 0.
    const elsewhere =
      card === 0 && this.settings !== null && !isSince(this.version, 16, 4)
        ? this.enis.filter((eni) => eni.card > 0 && eni.type !== 'branch' && eni.spec.attachment !== null).length
        : 0;
    return {
      limit: cap,
      used: here.length,
      unmanaged,
      reserved,
      free: Math.max(0, cap - here.length - strays - reserved - elsewhere),
    };
  }

  toKubernetes(): Json {
    const { spec } = this;
    const pods = String(this.maxPods);
    const resources = { cpu: '8', memory: '32Gi', pods, ...spec.capacity };
    const provider =
      spec.providerId === undefined
        ? this.instance === null
          ? undefined
          : `aws:///${this.zone}/${this.instance}`
        : (spec.providerId ?? undefined);
    const cordon = spec.cordoned === true ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : [];
    const taints = [...cordon, ...(spec.taints ?? [])];
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: this.name,
        uid: `node-${String(this.number)}`,
        creationTimestamp: spec.createdAt ?? '2026-08-31T12:00:00Z',
        labels: {
          'kubernetes.io/os': spec.os?.startsWith('Windows') === true ? 'windows' : 'linux',
          'kubernetes.io/hostname': this.name,
          ...(this.type === null ? {} : { 'node.kubernetes.io/instance-type': this.type }),
          'topology.kubernetes.io/zone': this.zone,
          ...spec.labels,
        },
        annotations: { ...spec.annotations },
      },
      spec: {
        ...(provider === undefined ? {} : { providerID: provider }),
        ...(spec.cordoned === true ? { unschedulable: true } : {}),
        ...(taints.length === 0 ? {} : { taints }),
      },
      status: {
        addresses: [
          { type: 'InternalIP', address: spec.internalIp ?? this.enis[0]?.ip ?? `192.0.2.${String(this.number)}` },
          { type: 'Hostname', address: this.name },
        ],
        capacity: resources,
        allocatable: resources,
        conditions: [
          { type: 'Ready', status: spec.ready === false ? 'False' : 'True', lastTransitionTime: ago(80_000) },
          ...(spec.conditions ?? []).map((one) => ({ ...one, lastTransitionTime: ago(4_000) })),
        ],
        nodeInfo: {
          osImage: spec.os ?? 'Amazon Linux 2',
          operatingSystem: spec.os?.startsWith('Windows') === true ? 'windows' : 'linux',
          kubeletVersion: 'v1.34.2-eks-1a2b3c4',
          containerRuntimeVersion: 'containerd://2.1.4',
        },
      },
    };
  }
}
