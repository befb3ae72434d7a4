/**
 * `device-info` of a status entry (device-info-spec; multus §1.5): the kind of device and its bus address. Also reads older
 * forms: the key `device`, which is `{}` in old userspace builds, and a value without `type`, whose kind follows from its
 * section.
 */
import { isObject } from '../../model/is-object';
import type { NetworkStatusEntry } from '../../model/facts';

type Device = NonNullable<NetworkStatusEntry['device']>;

const SECTIONS = ['pci', 'vdpa', 'vhost-user', 'memif'] as const;
/** `0000:07:00.0`, also in upper case or without the domain, as some writers spell it. */
const PCI = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/;

/** A PCI address in the kernel's form, with domain and in lower case; null for any other text. */
export function canonicalPci(text: string): string | null {
  const match = text.length > 32 ? null : PCI.exec(text.trim().toLowerCase());
  return match === null ? null : `${match[1] ?? '0000'}:${match[2] ?? ''}`;
}

/**
 * The device, or null if there is none or its type is unknown. `old`: the value of the key `device`; `warn` receives the
 * problems.
 */
export function readDeviceInfo(current: unknown, old: unknown, warn: (text: string) => void): Device | null {
  const info = current ?? old;
  const key = current === null ? 'device' : 'device-info';
  if (info === null) return null;
  if (!isObject(info)) {
    warn(`"${key}" is not an object`);
    return null;
  }
  const own = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
    Object.hasOwn(object, name) ? object[name] : null;
  const written = own(info, 'type');
  const type =
    typeof written === 'string' && written !== '' ? written : SECTIONS.find((name) => isObject(own(info, name)));
  if (type === undefined) {
    if (Object.keys(info).length > 0) warn(`"${key}" does not say its type`);
    return null;
  }
  const section = own(info, type);
  const address = (name: string): string | null => {
    const text = isObject(section) ? own(section, name) : null;
    if (text === null || text === undefined || text === '') return null;
    const pci = typeof text === 'string' ? canonicalPci(text) : null;
    if (pci === null) warn(`"${name}" is no PCI address`);
    return pci;
  };
  return { type, pciAddress: address('pci-address'), pfPciAddress: address('pf-pci-address') };
}
