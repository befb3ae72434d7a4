/** Keys of a config that its plugin does not read, and what was probably meant: Go ignores them silently (multus §2.2). */
import { similarName } from '../../model/spelling';
import { foldKey } from '../go/decode';
import { goQuote } from '../go/quote';
import type { ConfigReader } from './reader';

/** Keys that people use for comments. */
const isComment = (key: string): boolean => /^(_|#|\/\/)/.test(key) || key.toLowerCase() === 'comment';

/** Says where a key that is not read here would be, or null. Receives the key without case and separators. */
export type Elsewhere = (letters: string) => string | null;

const nowhere: Elsewhere = () => null;

/** The letters and digits of a key: `range_start`, `Range-Start` and `rangeStart:` are alike. */
export const lettersOf = (key: string): string => foldKey(key).replaceAll(/[\s:="'_.-]/g, '');

/** Reports every unused key. */
export function lintKeys(
  reader: ConfigReader,
  known: readonly string[],
  elsewhere: Elsewhere = nowhere,
  inside: Elsewhere = nowhere,
): void {
  const folded = new Set(known.map(foldKey));
  const byLetters = new Map(known.map((key) => [lettersOf(key), key]));
  for (const written of Object.keys(reader.raw)) {
    if (folded.has(foldKey(written)) || isComment(written)) continue;
    const shown = goQuote(reader.path + written.slice(0, 64));
    reader.warn(`key ${shown} is not read${hintOf(reader, written, byLetters, elsewhere, inside)}`);
    if (reader.faults.isFull) return;
  }
}

function hintOf(
  reader: ConfigReader,
  written: string,
  known: ReadonlyMap<string, string>,
  elsewhere: Elsewhere,
  inside: Elsewhere,
): string {
  if (written.length > 64) return '';
  const letters = lettersOf(written);
  const meant = known.get(letters);
  if (meant !== undefined) return didYouMean(reader, meant);
  const place = elsewhere(letters);
  if (place !== null) return `; ${place}`;
  const synonym = synonymOf(letters, known);
  // A key that is set already was not meant again.
  if (synonym !== null && !reader.has(synonym)) return didYouMean(reader, synonym);
  const section = inside(letters);
  if (section !== null) return `; ${section}`;
  const similar = similarTo(letters, known);
  return similar === null || reader.has(similar) ? '' : didYouMean(reader, similar);
}

const didYouMean = (reader: ConfigReader, meant: string): string => `; did you mean "${reader.path}${meant}"?`;

/** Words that people use for a key, by the letters of the key. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  address: ['ip', 'ipaddress', 'cidr'],
  bridge: ['br', 'bridgename'],
  capabilities: ['capability'],
  cniversion: ['version'],
  device: ['dev', 'interface', 'ifname', 'master', 'parent', 'nic'],
  dst: ['destination', 'to', 'dest'],
  exclude: ['excludedips', 'excluderanges', 'omitranges'],
  gateway: ['gw', 'defaultgateway'],
  gw: ['gateway', 'via', 'nexthop'],
  hairpinmode: ['hairpin'],
  ipmasq: ['ipmasquerade', 'masquerade'],
  ipranges: ['ranges', 'range'],
  isdefaultgateway: ['defaultgateway', 'isdefaultgw', 'defaultgw'],
  isgateway: ['isgw', 'gateway'],
  links: ['slaves', 'ports', 'interfaces', 'devices'],
  master: ['parent', 'interface', 'device', 'dev', 'link', 'nic', 'iface', 'hostinterface', 'masterinterface'],
  maxtxrate: ['ratelimit', 'maxrate'],
  mode: ['ipvlanmode', 'macvlanmode', 'bondmode', 'ipvlmode'],
  pcibusid: ['pciaddress', 'pci', 'pciid', 'busid', 'pcidevice'],
  promisc: ['promiscuous', 'promiscmode', 'promiscuousmode'],
  promiscmode: ['promisc', 'promiscuous', 'promiscuousmode'],
  range: ['subnet', 'cidr', 'ranges', 'subnets'],
  rangeend: ['end', 'stop', 'rangestop', 'ipend', 'endip'],
  rangestart: ['start', 'begin', 'rangebegin', 'ipstart', 'startip'],
  ranges: ['ipranges'],
  spoofchk: ['spoofcheck', 'spoofchecking'],
  subnet: ['range', 'cidr', 'network'],
  trust: ['trusted'],
  trunk: ['trunks', 'vlans', 'vlantrunk'],
  txqlen: ['txqueuelen', 'txqueuelength'],
  vlan: ['vlanid', 'vlantag', 'tag'],
  vlanid: ['vlan', 'vlantag', 'id', 'tag'],
  vlantrunk: ['trunk', 'trunks', 'vlantrunks'],
};

function synonymOf(letters: string, known: ReadonlyMap<string, string>): string | null {
  for (const [key, words] of Object.entries(SYNONYMS))
    if (words.includes(letters)) {
      const found = known.get(key);
      if (found !== undefined) return found;
    }
  return null;
}

function similarTo(letters: string, known: ReadonlyMap<string, string>): string | null {
  if (letters.length < 4 || letters.length > 40) return null;
  const found = similarName(letters, known.keys());
  return found === null ? null : (known.get(found) ?? null);
}
