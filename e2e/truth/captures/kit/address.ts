/** Address arithmetic of the captures, on its own: nothing here comes from the code under test. Values are BigInts of the bits. */

export interface Cidr {
  readonly base: bigint;
  readonly length: number;
  readonly bits: 32 | 128;
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

export function toBits(ip: string): bigint {
  if (!ip.includes(':')) return ip.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = ip.split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

/** RFC 5952: lower case, the longest run of two or more zero groups written as `::`. */
export function toText(value: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 65535n).toString(16));
  const runs = [...groups.join(':').matchAll(/\b0(?::0)+\b/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest === ''
    ? groups.join(':')
    : groups
        .join(':')
        .replace(longest, '\0')
        .replace(/:?\0:?/, '::');
}

export function toCidr(text: string): Cidr {
  const [ip = '', length = ''] = text.split('/');
  return { base: toBits(ip), length: Number(length), bits: ip.includes(':') ? 128 : 32 };
}

export const sizeOf = ({ length, bits }: Cidr): bigint => 1n << BigInt(bits - length);

export const holds = (cidr: Cidr, ip: string): boolean =>
  ip.includes(':') === (cidr.bits === 128) && toBits(ip) >= cidr.base && toBits(ip) < cidr.base + sizeOf(cidr);
