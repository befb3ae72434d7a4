import { readMtu, readVlan, reading, type MainPlugin } from '../plugin';

/** A Linux bridge on each node; which NIC, if any, is its uplink cannot be read from the config (multus.md §2.2). */
export const bridge: MainPlugin = {
  kind: 'main',
  type: 'bridge',
  keys: [
    'bridge',
    'isGateway',
    'isDefaultGateway',
    'forceAddress',
    'ipMasq',
    'ipMasqBackend',
    'mtu',
    'hairpinMode',
    'promiscMode',
    'vlan',
    'vlanTrunk',
    'preserveDefaultVlan',
    'macspoofchk',
    'enabledad',
    'disableContainerInterface',
    'portIsolation',
    'mac',
  ],
  read(config) {
    const name = config.text('bridge') ?? 'cni0';
    const vlan = readVlan(config, 'vlan', 4094);
    const trunk = config.objects('vlanTrunk');
    if (vlan !== null && vlan !== 0 && trunk.length > 0) config.error('"vlan" and "vlanTrunk" cannot both be set');
    if (config.flag('hairpinMode') && config.flag('promiscMode')) {
      config.error('cannot set hairpin mode and promiscuous mode at the same time');
    }
    if (config.has('master')) config.warn('"master" means nothing to a bridge: its uplink is set on the node');
    const isDefaultGateway = config.flag('isDefaultGateway');
    const isGateway = config.flag('isGateway') || isDefaultGateway;
    return reading({
      parent: { kind: 'bridge', value: name },
      evidence: `the config names bridge ${name}; its uplink, if it has one, is set on the node`,
      vlan,
      mtu: readMtu(config),
      addsDefaultRoute: isDefaultGateway,
      semantics: { perNode: true },
      description:
        `bridge ${name} on each node` +
        (vlan === null || vlan === 0 ? '' : `, VLAN ${vlan}`) +
        (isDefaultGateway ? ", which is the pods' default gateway" : isGateway ? ', which is a gateway' : ''),
    });
  },
};
