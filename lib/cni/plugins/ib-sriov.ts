import { reading, type MainPlugin } from '../base/plugin';
import { oneOf, readVf } from './shared/vf';

/** SR-IOV on InfiniBand: addressed by GUID and partition key, not by MAC. */
export const ibSriov: MainPlugin = {
  kind: 'main',
  type: 'ib-sriov',
  aliases: ['ib-sriov-cni'],
  fields: {
    // Read from the pod's request; it has no effect in the config, but old examples have it.
    guid: 'any',
    mtu: 'any',
    pkey: 'string',
    link_state: 'string',
    rdmaIsolation: 'bool',
    ibKubernetesEnabled: 'bool',
    vfioPciMode: 'bool',
    publishPfGuid: 'bool',
    kubeconfig: 'string',
    deviceID: 'string',
    runtimeConfig: { infinibandGUID: 'string' },
    args: { cni: { '*': 'string' } },
  },
  read(config, { resourceName }) {
    oneOf(config, 'link_state', ['auto', 'enable', 'disable']);
    const pkey = config.text('pkey');
    if (pkey !== null && !/^0x[0-9a-f]{1,4}$/i.test(pkey))
      config.warn(`"pkey" is not a partition key: ${pkey.slice(0, 32)}`);
    const vf = readVf(config, resourceName);
    return reading({
      ...vf,
      semantics: { leavesNodeOnEni: true, macPolicy: 'unknown', onePodPerDevice: vf.parent.kind === 'pci' },
      description:
        `InfiniBand virtual function${vf.parent.value === null ? '' : ` from ${vf.parent.value}`}` +
        (pkey === null ? '' : ` in partition ${pkey}`),
    });
  },
};
