import { ipamReading, type IpamPlugin } from './ipam';

/** Uses a DHCP server through a daemon on the node. A VPC's DHCP server does not respond to pods' MACs (multus §2.3). */
export const dhcp: IpamPlugin = {
  type: 'dhcp',
  fields: {
    daemonSocketPath: 'string',
    request: [{ skipDefault: 'bool', option: 'string' }],
    provide: [{ option: 'string', value: 'string', fromArg: 'string' }],
    priority: 'int',
  },
  read: () =>
    ipamReading({
      scope: 'external',
      description: 'an address from a DHCP server, which a VPC does not provide for pods',
    }),
};
