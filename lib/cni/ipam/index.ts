/** Every IPAM plugin type that ifscope can read, a line each; `registry.ts` reads this list. What is not here is `unknown`. */
export { dhcp } from './dhcp';
export { hostLocal } from './host-local';
export { staticIpam } from './static';
export { whereabouts } from './whereabouts';
