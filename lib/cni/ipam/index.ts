/** Every IPAM plugin type that ifscope can read, one line each; `registry.ts` reads this list. Any other type is `unknown`. */
export { dhcp } from './dhcp';
export { hostLocal } from './host-local';
export { kubeOvnIpam } from './kube-ovn';
export { staticIpam } from './static';
export { whereabouts } from './whereabouts';
