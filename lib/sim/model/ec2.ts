/** The account's EC2 objects. EC2 has no information about which pod holds an address. */
import type { SimSubnet } from './subnet';
import { Ledger } from './ledger';
import { must } from './must';

/** The AWS account of the cluster. */
export const ACCOUNT = '111122223333';

/** An ENI in EC2. */
export interface Ec2Eni {
  readonly id: string;
  /** Null while not attached to an instance of this account (available, branch, Fargate). */
  readonly instanceId: string | null;
  readonly attachment: {
    readonly id: string;
    readonly card: number;
    readonly device: number;
    readonly status: 'attaching' | 'attached' | 'detaching';
    readonly at: number;
    readonly deleteOnTermination: boolean;
    readonly instanceOwnerId: string;
  } | null;
  readonly type: string;
  readonly status: 'available' | 'attaching' | 'in-use' | 'detaching' | 'associated';
  readonly mac: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly sourceDestCheck: boolean;
  readonly groups: readonly string[];
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly primaryIp: string | null;
  readonly secondaryIps: readonly string[];
  readonly prefixes: readonly string[];
  readonly ipv6: readonly string[];
  readonly ipv6Prefixes: readonly string[];
  readonly requesterManaged: boolean;
}

/** An instance in EC2. */
export interface Ec2Instance {
  readonly id: string;
  readonly type: string;
  readonly state: 'pending' | 'running' | 'shutting-down' | 'terminated';
  readonly zone: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly privateIp: string;
  readonly launchedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The ENIs, instances and subnets of the account. */
export class Ec2Account {
  readonly enis: Ledger<Ec2Eni>;
  readonly instances: Ledger<Ec2Instance>;
  readonly subnets = new Map<string, SimSubnet>();

  constructor(now: () => number) {
    this.enis = new Ledger<Ec2Eni>(now);
    this.instances = new Ledger<Ec2Instance>(now);
  }

  subnet(id: string): SimSubnet {
    return must(this.subnets.get(id), `subnet ${id}`);
  }

  eni(id: string): Ec2Eni {
    return must(this.enis.get(id), `ENI ${id}`);
  }

  /** Deletes the ENI and returns its addresses to the subnet. */
  deleteEni(id: string): void {
    const eni = this.enis.get(id);
    if (eni === undefined) return;
    const subnet = this.subnet(eni.subnetId);
    for (const taken of [eni.primaryIp, ...eni.secondaryIps, ...eni.prefixes])
      if (taken !== null) subnet.release(taken);
    this.enis.delete(id);
  }
}
