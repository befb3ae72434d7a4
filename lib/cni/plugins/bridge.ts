import {
  readMtu,
  readTrunk,
  readVlan,
  reading,
  RUNTIME_MAC,
  TRUNK,
  type MainPlugin,
  type TrunkEntry,
  noNulls,
} from '../base/plugin';
import type { ConfigReader } from '../base/reader';

/** A Linux bridge on each node; the config does not show which NIC, if any, is its uplink (multus §2.2). */
export const bridge: MainPlugin = {
  kind: 'main',
  type: 'bridge',
  aliases: ['cnv-bridge'],
  fields: {
    bridge: 'string',
    isGateway: 'bool',
    isDefaultGateway: 'bool',
    forceAddress: 'bool',
    ipMasq: 'bool',
    ipMasqBackend: 'string',
    mtu: 'int',
    hairpinMode: 'bool',
    promiscMode: 'bool',
    vlan: 'int',
    vlanTrunk: [TRUNK],
    preserveDefaultVlan: 'bool',
    macspoofchk: 'bool',
    enabledad: 'bool',
    disableContainerInterface: 'bool',
    portIsolation: 'bool',
    args: { cni: RUNTIME_MAC },
    runtimeConfig: RUNTIME_MAC,
  },
  read(config, { ipam }) {
    const name = config.text('bridge') ?? (config.has('bridge') ? null : 'cni0');
    if (name === null) config.error('"bridge" is empty, which is not a valid link name');
    const vlan = readVlan(config, 'vlan', 4094);
    for (const entry of readTrunk(config, 'vlanTrunk')) checkTrunk(config, entry);
    noNulls(config, 'vlanTrunk');
    if (ipam !== null && config.flag('disableContainerInterface')) {
      config.error('cannot use IPAM when DisableContainerInterface flag is set');
    }
    if (config.flag('hairpinMode') && config.flag('promiscMode')) {
      config.error('cannot set hairpin mode and promiscuous mode at the same time');
    }
    if (config.has('master')) config.warn('"master" means nothing to a bridge: its uplink is set on the node');
    const isDefaultGateway = config.flag('isDefaultGateway');
    const isGateway = config.flag('isGateway') || isDefaultGateway;
    return reading({
      parent: { kind: 'bridge', value: name },
      evidence: `the config names bridge ${name ?? '""'}; its uplink, if it has one, is set on the node`,
      vlan,
      mtu: readMtu(config),
      addsDefaultRoute: isDefaultGateway,
      semantics: { perNode: true },
      description:
        `bridge ${name ?? '(not named)'} on each node` +
        (vlan === null || vlan === 0 ? '' : `, VLAN ${vlan}`) +
        (isDefaultGateway ? ", which is the pods' default gateway" : isGateway ? ', which is a gateway' : ''),
    });
  },
};

/** One VLAN ID, or a range, which requires both ends. */
function checkTrunk(config: ConfigReader, { minID, maxID, id }: TrunkEntry): void {
  const isVlan = (value: number): boolean => value > 0 && value <= 4094;
  if (minID !== null && maxID !== null) {
    if (!isVlan(minID)) config.error('incorrect trunk minID parameter');
    else if (!isVlan(maxID)) config.error('incorrect trunk maxID parameter');
    else if (maxID < minID) config.error('minID is greater than maxID in trunk parameter');
  } else if (minID !== null || maxID !== null) {
    config.error(
      `minID and maxID should be configured simultaneously, ${minID === null ? 'minID' : 'maxID'} is missing`,
    );
  }
  if (id !== null && !isVlan(id)) config.error('incorrect trunk id parameter');
}
