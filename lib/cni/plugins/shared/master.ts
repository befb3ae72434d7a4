/** The meaning of `master` for ipvlan, macvlan and vlan (multus §2.2). */
import { readLinkName } from '../../base/link-name';
import type { PluginContext, PluginReading } from '../../base/plugin';
import type { ConfigReader } from '../../base/reader';

type MasterReading = Pick<PluginReading, 'parent' | 'certainty' | 'evidence'> & { readonly words: string };

/** The parent that `master` names, with certainty and evidence. Reports a master that can never work. */
export function readMaster(config: ConfigReader, context: PluginContext, linkInContainer: boolean): MasterReading {
  const master = config.text('master');
  if (linkInContainer) {
    return {
      parent: { kind: 'container-link', value: master },
      certainty: master === null ? 'inferred' : 'observed',
      evidence:
        master === null
          ? "linkInContainer without master: the plugin takes the interface with the pod's default route"
          : 'linkInContainer: the master is an interface inside the pod, not one of the host',
      words: master === null ? "the pod's default-route interface" : `the pod's interface ${master}`,
    };
  }
  if (master === null) return withoutMaster(context);
  const link = readLinkName(master);
  const named = { parent: { kind: 'host-device', value: master }, words: `host interface ${master}` } as const;
  switch (link.kind) {
    case 'alias':
      config.error(`master "${master}" is an address alias, not a link: it never works`);
      return { ...named, certainty: 'unknown', evidence: `"${master}" is no link name` };
    case 'vlan':
      return {
        ...named,
        certainty: 'inferred',
        evidence: `${master} looks like VLAN ${link.vlan ?? ''} on ${link.base ?? ''}; a link may also just have such a name`,
      };
    case 'virtual':
      return {
        ...named,
        certainty: 'unknown',
        evidence: `${master} is a virtual link, judging by its name: only the node knows which NIC is under it`,
      };
    default:
      return {
        ...named,
        certainty: 'observed',
        evidence: `the config names ${master}; which NIC that is differs per node`,
      };
  }
}

function withoutMaster(context: PluginContext): MasterReading {
  if (context.position > 0) {
    return {
      parent: { kind: 'unknown', value: null },
      certainty: 'unknown',
      evidence: 'no master: the plugin takes the interface that the plugin before it made',
      words: 'the interface of the plugin before it',
    };
  }
  return {
    parent: { kind: 'default-route', value: null },
    certainty: 'inferred',
    evidence: "no master: the plugin takes the interface with the node's default route",
    words: "the node's default-route interface",
  };
}
