import { overlay } from './shared/overlay';

/** Kube-OVN, as the cluster network or an additional one. */
export const kubeOvn = overlay('kube-ovn', 'Kube-OVN, logical switch', {
  read: (config) => {
    const provider = config.text('provider');
    return {
      ownName:
        provider === null ? null : { key: 'provider', value: provider, form: 'NAME.NAMESPACE.ovn', by: 'Kube-OVN' },
      description: `Kube-OVN logical switch${provider === null ? '' : ` of provider ${provider}`}`,
    };
  },
});
