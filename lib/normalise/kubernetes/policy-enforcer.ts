/** Recognises multi-networkpolicy-iptables, which enforces MultiNetworkPolicies, and the networks that it handles. */
import { fields, items } from '../read/guards';
import type { Fields } from '../read/guards';
import { imageName } from './image';

/** `multi-networkpolicy-iptables`, `multi-networkpolicy-nftables`, `ose-multus-networkpolicy-rhel9`. */
const IMAGE = /(^|-)(multi-networkpolicy-(ip|nf)tables|multus-networkpolicy)(-rhel\d+)?$/;

/** From its pkg/server/options.go: `network-plugins`, default `macvlan`. */
const DEFAULT: readonly string[] = ['macvlan'];
const FLAG = '--network-plugins';

/** The plugin types in `--network-plugins`, in order; null if no container of the pod is the enforcer. */
export function enforcedPlugins(podSpec: Fields): readonly string[] | null {
  for (const one of items(podSpec['containers'])) {
    const { image, command, args } = fields(one);
    if (typeof image !== 'string' || !IMAGE.test(imageName(image))) continue;
    const words = [...items(command), ...items(args)].filter((word) => typeof word === 'string');
    const values = words.flatMap((word, at) =>
      word.startsWith(`${FLAG}=`) ? [word.slice(FLAG.length + 1)] : words[at - 1] === FLAG ? [word] : [],
    );
    return values.length === 0 ? DEFAULT : values.flatMap((value) => value.split(',')).filter((type) => type !== '');
  }
  return null;
}
