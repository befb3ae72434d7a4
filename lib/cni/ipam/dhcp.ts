import { ipamReading, type IpamPlugin } from './ipam';

/** Asks a DHCP server through a daemon on the node. A VPC answers no pod's MAC (multus §2.3). */
export const dhcp: IpamPlugin = {
  type: 'dhcp',
  fields: {
    daemonSocketPath: 'string',
    request: [{ skipDefault: 'bool', option: 'string' }],
    provide: [{ option: 'string', value: 'string', fromArg: 'string' }],
    priority: 'int',
  },
  read: () =>
    ipamReading({ scope: 'external', description: 'an address from a DHCP server, which no VPC has for pods' }),
};
