/**
 * Replaces ids, accounts, MACs, addresses, host names and learnt names in a text, each always with the same substitute.
 */
import { createHmac } from 'node:crypto';
import { redactIp } from './redact-ip';
import type { PrivateNames } from './redact-names';
import { isJsonKey, isPublicWord, NAME } from './redact-words';
import { keptFor } from '../../model/remembered';

const ID =
  /\b(eni-attach|eipalloc|eipassoc|subnet|eni|vpc|acl|rtb|igw|nat|sgr|sg|vol|ami|lt|r|i)-([0-9a-f]{17}|[0-9a-f]{8})\b/g;
const ACCOUNT = /(?<![\w.-])\d{12}(?![\w.-])/g;
const MAC = /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi;
const DASHED_IP = /\bip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\b/g;
/** The domain after an EC2 host name; a DHCP option set may set a private domain there. */
const HOST_DOMAIN = /\b(ip(?:-\d{1,3}){4}|i-[0-9a-f]{8,17})((?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+)/g;
const EC2_DOMAIN = /^\.(?:[a-z0-9-]+\.compute|ec2|compute)\.(?:internal|amazonaws\.com(?:\.cn)?)$/;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.])/g;
const IPV6 = /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\/\d{1,3})?(?![\w:.])/gi;

/** Replaces private parts of texts, consistently within one capture. */
export class TextRedactor {
  readonly #key: string;
  readonly #names: PrivateNames;
  readonly #bits = new Map<string, 0 | 1>();

  /** `key`: random for each capture, so that captures cannot be correlated and names cannot be guessed. */
  constructor(key: string, names: PrivateNames) {
    this.#key = key;
    this.#names = names;
  }

  text(text: string): string {
    return text
      .replace(MAC, (mac) => this.#mac(mac))
      .replace(HOST_DOMAIN, (whole, host: string, domain: string) =>
        EC2_DOMAIN.test(domain) ? whole : `${host}.${this.name(domain)}`,
      )
      .replace(ID, (_, prefix: string, digits: string) => `${prefix}-${this.#hash(digits).slice(0, digits.length)}`)
      .replace(ACCOUNT, (account) => this.#digits(account, 12))
      .replace(DASHED_IP, (whole, ...octets: string[]) => {
        const ip = this.#ip(octets.slice(0, 4).join('.'));
        return ip === null ? whole : `ip-${ip.replaceAll('.', '-')}`;
      })
      .replace(IPV4, (ip) => this.#ip(ip) ?? ip)
      .replace(IPV6, (ip) => this.#ip(ip) ?? ip)
      .replace(NAME, (word, at: number, whole: string) =>
        this.#names.has(word) && !isPublicWord(word) && !isJsonKey(whole, at, at + word.length)
          ? this.name(word)
          : word.replace(UUID, (uuid) => this.#uuid(uuid)),
      );
  }

  /**
   * The registry and path of an image identify its owner; its name and tag are kept, because they give the plugin's
   * version.
   */
  image(text: string): string {
    const path = text.lastIndexOf('/');
    return path < 0 ? this.text(text) : `${this.name(text.slice(0, path))}/${this.text(text.slice(path + 1))}`;
  }

  name(text: string): string {
    return `x-${this.#hash(text).slice(0, 10)}`;
  }

  #hash(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }

  #digits(text: string, length: number): string {
    return BigInt(`0x${this.#hash(text)}`)
      .toString()
      .slice(0, length);
  }

  #mac(text: string): string {
    const mac = text.toLowerCase().replaceAll('-', ':');
    if (mac === '00:00:00:00:00:00' || mac === 'ff:ff:ff:ff:ff:ff') return text;
    // The first two octets show who assigned the address (0a:58: the CNI) and whether it is locally administered.
    const rest = this.#hash(mac)
      .slice(0, 8)
      .replace(/(..)(?=.)/g, '$1:');
    return `${mac.slice(0, 5)}:${rest}`;
  }

  #uuid(text: string): string {
    return this.#hash(text.toLowerCase()).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
  }

  #ip(text: string): string | null {
    return redactIp(text, (path) => this.#bit(path));
  }

  #bit(text: string): 0 | 1 {
    return keptFor(this.#bits, text, () => (parseInt(this.#hash(text).slice(0, 1), 16) % 2 === 0 ? 0 : 1));
  }
}
