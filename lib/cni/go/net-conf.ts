/** libcni's `PluginConf` (`NetConf` up to Multus 4.1) and `NetConfList` of cni v1.3.0: the fields that Multus decodes. */
import {
  entriesOf,
  goBool,
  goList,
  goMap,
  goPointer,
  goString,
  goStruct,
  kindOfJson,
  mismatch,
  type Decoder,
} from './decode';

/** A wrong type in one of these fails before any plugin runs. */
const FIELDS = {
  cniVersion: goString,
  name: goString,
  type: goString,
  capabilities: goCapabilities(),
  ipam: goStruct('IPAM', { type: goString }),
  dns: goStruct('DNS', {
    nameservers: goList(goString),
    domain: goString,
    search: goList(goString),
    options: goList(goString),
  }),
  prevResult: goMap,
  'cni.dev/valid-attachments': goList(goStruct('GCAttachment', { containerID: goString, ifname: goString })),
};
/** `PluginConf`: one plugin's config. */
export const NET_CONF = goStruct('PluginConf', FIELDS);
/** `NetConfList`: a chain of plugins. */
export const NET_CONF_LIST = goStruct('NetConfList', {
  cniVersion: goString,
  name: goString,
  disableCheck: goBool,
  disableGC: goBool,
  plugins: goList(goPointer(NET_CONF)),
});

/** `map[string]bool`. */
function goCapabilities(): Decoder<Map<string, boolean>> {
  return {
    type: 'map[string]bool',
    zero: () => new Map(),
    read: (node, place, reading, current) => {
      if (node === null) return new Map();
      const entries = entriesOf(node);
      if (entries === null) mismatch(kindOfJson(node), 'map[string]bool', place, reading);
      else {
        for (const [i, name] of entries.keys.entries()) {
          current.set(name, goBool.read(entries.values[i], place, reading, false));
        }
      }
      return current;
    },
  };
}
