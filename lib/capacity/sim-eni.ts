/** An ENI of a what-if. */
import type { PoolEni } from '../topology/pools/next';
import type { EniFigures } from './figures';

/** The mutable state of an ENI. */
export class SimEni implements PoolEni {
  readonly eni: PoolEni['eni'];
  readonly card: number;
  readonly subnet: string | null;
  readonly isPrimary: boolean;
  readonly inDatastore = true;
  readonly cooling = 0;
  isBusy: boolean;
  grows: boolean;
  total: number;
  held: number;
  prefixes: number;
  freePrefixes: number;
  slotsUsed: number;
  /** Whether it was just created, with its first addresses in the same call. */
  isNew = false;

  constructor(of: EniFigures) {
    this.eni = {
      id: of.id,
      subnet: of.subnet,
      interfaceType: of.interfaceType,
      attachedAt: null,
      instanceId: 'attached',
      networkCardIndex: of.card,
      deviceIndex: of.isPrimary ? 0 : 1,
    };
    this.card = of.card;
    this.subnet = of.subnet;
    this.isPrimary = of.isPrimary;
    this.isBusy = of.isBusy;
    this.grows = of.grows;
    this.total = of.total;
    this.held = of.held;
    this.prefixes = of.prefixes;
    this.freePrefixes = of.freePrefixes;
    this.slotsUsed = of.slotsUsed;
  }

  get isIdle(): boolean {
    return this.held === 0 && !this.isBusy;
  }

  /** Single addresses on it besides the primary one. */
  get singles(): number {
    return this.slotsUsed - this.prefixes;
  }

  copy(): SimEni {
    const { eni, ...rest } = this;
    const copy = new SimEni({ ...rest, id: eni.id, interfaceType: eni.interfaceType });
    copy.isNew = this.isNew;
    return copy;
  }
}

/** An ENI without addresses. */
export function newEni(id: string, card: number, subnet: string | null): SimEni {
  return new SimEni({
    id,
    card,
    subnet,
    interfaceType: 'interface',
    isPrimary: false,
    grows: true,
    total: 0,
    held: 0,
    prefixes: 0,
    freePrefixes: 0,
    slotsUsed: 0,
    isBusy: false,
  });
}
