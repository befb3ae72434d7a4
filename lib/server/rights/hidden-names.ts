/** Free texts (findings, Events, descriptions) with objects or addresses that a viewer may not see. */
import { canonicalIp, canonicalMac, parseCidr } from '../../model/ip';

/** The names that determine whether a text is visible. */
export interface Visibility {
  /** Namespaces that the viewer may see. */
  readonly visible: ReadonlySet<string>;
  /** Namespaces of this record set that the viewer may not see. */
  readonly hidden: ReadonlySet<string>;
  /** Ids of networks in hidden namespaces that the viewer's own pods use. */
  readonly used: ReadonlySet<string>;
}

/** First parts of `a/b` that are not namespaces: source ids, kinds in kubectl's notation, paths of aws-node's API. */
const NO_NAMESPACES = new Set(
  'kubernetes ec2 aws-node capture ifscope ds daemonset daemonsets deploy deployment deployments pods po nodes v1 v2'.split(
    ' ',
  ),
);

/** `NAMESPACE/NAME`, the form of pods, networks and pools in our texts; not a path, a range or a label key. */
const QUALIFIED = /(?<![\w.:/-])([a-z0-9][a-z0-9-]*)\/([\w.-]+)/g;
const NUMBER = /^\d+$/;
/** `-n NAMESPACE` of a command. */
const OPTION = /(?:^|\s)(?:-n|--namespace)[ =]'?([a-z0-9-]+)/g;
/** A name without its namespace, as ipamd reports for a sandbox: `/web-1`. */
const BARE = /(?:^|[\s,(“"])\/(?!metrics\b|v1\b)[a-z0-9.-]+(?![\w/.-])/;
const WORD = /[a-z0-9][a-z0-9-]*/g;

function isForeign(namespace: string, name: string, { visible, used }: Visibility): boolean {
  if (visible.has(namespace) || (NUMBER.test(namespace) && NUMBER.test(name))) return false;
  return !used.has(`net:${namespace}/${name.replace(/\.+$/, '')}`);
}

/**
 * Whether a text may name an object in a namespace that the viewer may not see. In doubt the answer is yes: an unknown
 * namespace counts as hidden, and so does any word equal to a hidden namespace's name.
 */
export function namesHidden(text: string, names: Visibility): boolean {
  for (const [, namespace = '', name = ''] of text.matchAll(QUALIFIED))
    if ((names.hidden.has(namespace) || !NO_NAMESPACES.has(namespace)) && isForeign(namespace, name, names))
      return true;
  for (const [, namespace = ''] of text.matchAll(OPTION)) if (!names.visible.has(namespace)) return true;
  if (BARE.test(text)) return true;
  if (names.hidden.size === 0) return false;
  const rest = text.replaceAll(QUALIFIED, ' ');
  for (const [word] of rest.matchAll(WORD)) if (names.hidden.has(word)) return true;
  return false;
}

/** Possible addresses, ranges and MACs: IPv4, also before a port, or text with colons; MACs also with dashes. */
const NUMBERS =
  /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)(?:\/\d{1,3})?|(?<![\w:])[0-9a-f]*:[0-9a-f:.]*(?:\/\d{1,3})?|\b(?:[0-9a-f]{2}-){5}[0-9a-f]{2}\b/gi;
/** Punctuation after a number, but not the `::` at the end of an address. */
const PUNCTUATION = /\.+$|(?<!:):$/;

/** A range, not a host address in one: `10.0.0.16/28`, but neither `10.0.0.17/28` nor `10.0.0.17/32`. */
function isRange(text: string): boolean {
  const range = parseCidr(text);
  return range?.text === text && range.first < range.last;
}

/** The text with “(not shown)” in place of each address and MAC; ranges stay. */
export function withoutNumbers(text: string): string {
  return text.replace(NUMBERS, (found) => {
    const bare = found.replace(PUNCTUATION, '').toLowerCase();
    const slash = bare.indexOf('/');
    const isAddress = canonicalIp(slash < 0 ? bare : bare.slice(0, slash)) !== null;
    if ((!isAddress && canonicalMac(bare) === null) || isRange(bare)) return found;
    return `(not shown)${found.slice(bare.length)}`;
  });
}
