// Annotations by the thousand: the grammar of multus.md §1.2–1.3 with everything that can stand in the wrong place. The
// same seed gives the same texts.

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES =
  'a|b|c|net-1|macvlan-conf|x1|1|0a|a-b-c|A|Net|a.b|a_b|-a|a-|ns/a|a/b/c|a@b|ä|名|%d|%s%!|null|true|eth0|' +
  'aaaaaaaaaaaaaaa|aaaaaaaaaaaaaaaa|' +
  `${'a'.repeat(64)}|`;
const INTERFACES =
  'net1|net2|net3|foo|eth0|lo|Net_1.5|a:b|.|..|abcdefghijklmno|abcdefghijklmnop|ääääääää|äää|a b|a/b|a\u00a0b|%d|';
const ADDRESSES =
  '10.0.0.1|10.0.0.2/24|10.0.0.300|10.0.0|10.0.0.1/33|10.0.0.1/024|10.0.0.1/|/24|10.0.0.1/24/1|010.0.0.1|0.0.0.0|1.2.3.4/+2|1.2.3.4/0|' +
  'fe80::1|FE80::ABCD/64|::|::1/128|::/0|1::2::3|fe80::1%eth0|::ffff:10.0.0.1|::ffff:10.0.0.1/120|::ffff:a00:1/96|::1.2.3.4|1:2:3:4:5:6:7::|' +
  '1:2:3:4:5:6:7:8|1:2:3:4:5:6:1.2.3.4|::2:3:4:5:6:7:8|1:0:0:2:0:0:0:3|12345::|1:2:3|:::|:|.|x|１.2.3.4| 10.0.0.1|10.0.0.1 |10.0.0.1/ 24|fd00::1/129|fd00::/0128|';
const MACS =
  '02:00:00:00:00:01|02-00-00-00-00-0A|0200.0000.00ff|02:00:00:00:00|02:00:00:00:00:0g|02:00-00:00:00:01|020000000001|254|0|' +
  '02:00:00:00:00:00:00:01|00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01|0200.5e10.0000.0001|2:0:0:0:0:1|02:00:00:00:00:01 |' +
  '02:00:00:00:00:01:|02::00:00:00:00:01|0200.0000.00f|';
const NUMBERS =
  '0|-0|1|80|-1|1.0|1e2|1E400|-1e999|1e-400|65536|9223372036854775807|9223372036854775808|-9223372036854775808|-9223372036854775809|' +
  '123456789012345678901234567890|0.1|1.50|2147483648';
const BLANKS = '| |\t|\n|\r\n|  |\u00a0|\u2003|\u0085|\ufeff|\u200b|\v|\u3000|\u1680|\u180e';
const ODD = Array.from('[]{}",:/@ \t\n\r\u0000\u0001\u007f\u0080\u00a0\u2028\ufeff\ufffd“”\'\\-.x0ſ😀é');
const KEYS =
  'name|namespace|ips|mac|infiniband-guid|interface|interfaceRequest|portMappings|bandwidth|deviceID|cni-args|default-route|' +
  'device-id|ipam-claim-reference|unknown|__proto__|';

/** @returns a function that makes one annotation after another */
export function annotations(seed: number): () => string {
  const roll = dice(seed);
  const chance = (p: number): boolean => roll() < p;
  const below = (n: number): number => Math.floor(roll() * n);
  const pick = (list: string): string => {
    const parts = list.split('|');
    return parts[below(parts.length)] ?? '';
  };
  const repeat = (most: number, make: () => string): string[] => Array.from({ length: below(most + 1) }, make);

  const blank = (): string => (chance(0.2) ? pick(BLANKS) : '');
  const item = (): string => {
    const namespace = chance(0.3) ? `${pick(NAMES)}${blank()}/` : '';
    const face = chance(0.4) ? `${blank()}@${blank()}${pick(INTERFACES)}` : '';
    return `${blank()}${namespace}${blank()}${pick(NAMES)}${face}${blank()}`;
  };
  const commaForm = (): string => {
    const items = repeat(4, item);
    return items.length === 0 ? item() : items.join(chance(0.9) ? ',' : pick(',|;|, |,,|，'));
  };

  /** A string as JSON writes it, with some of its characters escaped. */
  const quoted = (text: string): string => {
    let out = '"';
    for (const character of text) {
      const code = character.charCodeAt(0);
      if (chance(0.03)) out += `\\u${code.toString(16).padStart(4, '0')}`;
      else if (character === '"' || character === '\\') out += `\\${character}`;
      else if (code < 32 && chance(0.8)) out += `\\u${code.toString(16).padStart(4, '0')}`;
      else out += character;
    }
    if (chance(0.01)) out += pick('\\ud800|\\ud83d\\ude00|\\udc00\\ud800|\\u00e4|\\/|\\b|\\x|\\u12|\u0001');
    return `${out}"`;
  };
  const list = (make: () => string): string => `[${repeat(3, make).join(chance(0.98) ? ',' : pick(', |;| '))}]`;
  const anything = (depth: number): string => {
    const kind = below(depth > 0 ? 9 : 6);
    if (kind === 0) return 'null';
    if (kind === 1) return pick('true|false');
    if (kind === 2) return pick(NUMBERS);
    if (kind < 5) return quoted(pick(NAMES));
    if (kind === 5) return pick('[]|{}|""');
    if (kind < 8) return list(() => anything(depth - 1));
    return object(() => [pick(KEYS), anything(depth - 1)]);
  };
  const object = (member: () => readonly [string, string]): string => {
    const members = repeat(6, () => {
      const [key, value] = member();
      return `${quoted(spelt(key))}${blankJson()}:${blankJson()}${value}`;
    });
    return `{${blankJson()}${members.join(',')}${blankJson()}}`;
  };
  const blankJson = (): string => (chance(0.1) ? pick(' |\n|\t|\r\n') : '');
  /** A key as somebody else might write it: Go takes any case, the long s and the Kelvin sign. */
  const spelt = (key: string): string => {
    if (chance(0.85)) return key;
    const ways = [
      () => key.toUpperCase(),
      () => key.replaceAll('s', 'ſ'),
      () => key.replaceAll('k', '\u212a'),
      () => `${key} `,
      () => key.replaceAll('-', '_'),
      () => key.charAt(0).toUpperCase() + key.slice(1),
      () => key.replace('i', 'İ'),
    ];
    return ways[below(ways.length)]?.() ?? key;
  };

  const member = (): readonly [string, string] => {
    const key = pick(KEYS);
    if (chance(0.12)) return [key, anything(2)];
    const text = (pool: string): string => (chance(0.9) ? quoted(pick(pool)) : anything(0));
    const whole = (): string => (chance(0.8) ? pick('0|1|80|8080|65535') : pick(NUMBERS));
    const values: Readonly<Record<string, () => string>> = {
      name: () => text(NAMES),
      namespace: () => text('shop|x|kube-system|A|'),
      ips: () => list(() => text(chance(0.7) ? '10.0.0.1|10.0.0.2/24|fd00::1/64|fd00::00aa' : ADDRESSES)),
      mac: () => text(chance(0.6) ? '02:00:00:00:00:01|' : MACS),
      'infiniband-guid': () => text(chance(0.6) ? '02:00:00:00:00:00:00:01|' : MACS),
      interface: () => text(INTERFACES),
      interfaceRequest: () => text(INTERFACES),
      portMappings: () =>
        list(() =>
          chance(0.9)
            ? object(() =>
                chance(0.5)
                  ? [pick('hostPort|containerPort'), whole()]
                  : [pick('protocol|hostIP'), text('tcp|UDP|10.0.0.1|')],
              )
            : anything(1),
        ),
      bandwidth: () => object(() => [pick('ingressRate|ingressBurst|egressRate|egressBurst'), whole()]),
      deviceID: () => text('0000:00:07.0|x|'),
      'cni-args': () => object(() => [pick('master|args|x|__proto__'), chance(0.5) ? quoted('ens6') : anything(3)]),
      'default-route': () => list(() => text(chance(0.8) ? '10.0.0.1|fd00::1|' : ADDRESSES)),
    };
    return [key, Object.hasOwn(values, key) ? (values[key]?.() ?? '') : anything(1)];
  };
  const jsonForm = (): string => {
    const element = (): string => (chance(0.97) ? object(member) : anything(1));
    const text = chance(0.96) ? list(element) : chance(0.5) ? element() : anything(2);
    return `${blankJson()}${text}${blankJson()}`;
  };

  const mutated = (text: string): string => {
    let out = Array.from(text);
    for (let i = 1 + below(2); i > 0; i--) {
      const at = below(out.length + 1);
      const odd = ODD[below(ODD.length)] ?? '';
      const ways = [
        () => out.toSpliced(at, 1),
        () => out.toSpliced(at, 0, odd),
        () => out.toSpliced(at, 1, odd),
        () => out.slice(0, at),
        () => [...out.slice(0, at), ...out.slice(Math.max(0, at - 5))],
        () => out.toSpliced(at, 0, chance(0.5) ? ' // x' : '/* x */'),
      ];
      out = ways[below(ways.length)]?.() ?? out;
    }
    return out.join('');
  };

  return () => {
    const text = chance(0.3) ? commaForm() : jsonForm();
    return chance(0.25) ? mutated(text) : text;
  };
}
