import { readMtu, reading, type MainPlugin } from '../base/plugin';

const MODES = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'];

/** Joins links; with `linksInContainer`, they are interfaces of the same pod, each with its own NIC (multus §2.2). */
export const bond: MainPlugin = {
  kind: 'main',
  type: 'bond',
  fields: {
    ifname: 'string',
    mode: 'string',
    linksInContainer: 'bool',
    failOverMac: 'int',
    miimon: 'string',
    links: ['object'],
    mtu: 'int',
    allSlavesActive: 'int',
    tlbDynamicLb: 'int',
  },
  read(config) {
    const mode = config.text('mode');
    if (mode === null) config.error('"mode" is missing');
    else if (!MODES.includes(mode)) config.error(`unknown bond mode: "${mode}"`);
    const miimon = config.text('miimon') ?? '';
    // A number in a string; the plugin cannot convert "".
    if (!/^[-+]?\d{1,18}$/.test(miimon)) config.error(`"miimon" is not a number in quotes: "${miimon.slice(0, 32)}"`);
    const inContainer = config.flag('linksInContainer');
    const links = config.objects('links').flatMap((link) => link.text('name') ?? []);
    if (links.length < 2)
      config.error(`a bond needs at least two links with a name, there ${links.length === 1 ? 'is 1' : 'are none'}`);
    if (new Set(links).size < links.length) config.warn('the same link is named twice');
    const failOverMac = config.whole('failOverMac');
    if (failOverMac !== null && (failOverMac < 0 || failOverMac > 2)) config.error('"failOverMac" is not 0, 1 or 2');
    const mtu = readMtu(config, 'error');
    const names = links.join(', ');
    return reading({
      parent: {
        kind: inContainer ? 'container-link' : 'host-device',
        value: links.length === 0 ? null : links.join(','),
      },
      certainty: links.length === 0 ? 'unknown' : 'observed',
      evidence: inContainer
        ? `the links are interfaces of the pod: follow ${names === '' ? 'each of them' : names}`
        : `the links are interfaces of the node: ${names === '' ? 'none named' : names}`,
      mode,
      failOverMac,
      mtu,
      links,
      semantics: {
        leavesNodeOnEni: false,
        macPolicy: 'unknown',
        onePodPerDevice: !inContainer,
        linkInContainer: inContainer,
      },
      description: `bond${mode === null ? '' : ` in mode ${mode}`} of ${inContainer ? "the pod's interfaces" : 'host interfaces'} ${names === '' ? '(none named)' : names}`,
    });
  },
};
