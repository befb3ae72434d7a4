/** libcni's `NetConf` and `NetConfList`, as far as Multus decodes them. */
import { goBool, goList, goString, goStruct, isObject, kindOfJson, type Decoder } from './decode';

/** A wrong type in one of these is refused before any plugin runs. */
const FIELDS = {
  cniVersion: goString,
  name: goString,
  type: goString,
  capabilities: goCapabilities(),
  ipam: goStruct('types', 'IPAM', { type: goString }),
};
export const NET_CONF = goStruct('types', 'NetConf', FIELDS);
export const NET_CONF_LIST = goStruct('types', 'NetConfList', {
  cniVersion: goString,
  name: goString,
  plugins: goList(NET_CONF, 'pointer'),
});

function goCapabilities(): Decoder<readonly string[]> {
  const type = 'map[string]bool';
  return {
    type,
    zero: () => [],
    read: (value, place, issues) => {
      if (value === null) return [];
      if (!isObject(value)) {
        issues.type ??= `json: cannot unmarshal ${kindOfJson(value)} into Go struct field NetConf.capabilities of type ${type}`;
        return [];
      }
      return Object.entries(value).flatMap(([name, on]) => (goBool.read(on, place, issues) ? [name] : []));
    },
  };
}
