import type { IpamPlugin } from './ipam';
import { unknownIpam } from './unknown';

/** Kube-OVN gives addresses of the Subnet whose provider is `NAME.NAMESPACE` of the NetworkAttachmentDefinition. */
export const kubeOvnIpam: IpamPlugin = {
  type: 'kube-ovn',
  fields: 'any',
  read(config, context) {
    const provider = config.text('provider');
    return {
      ...unknownIpam.read(config, context),
      ownName: provider === null ? null : { key: 'provider', value: provider, form: 'NAME.NAMESPACE', by: 'Kube-OVN' },
    };
  },
};
