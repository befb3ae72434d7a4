// Generates annotations and configs by the grammar of multus §1.2–1.3 and §2.1, with anything in the wrong place.
import { NAMES, NUMBERS, TextMaker } from './json-text';

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
const BLANKS = '| |\t|\n|\r\n|  |\u00a0|\u2003|\u0085|\ufeff|\u200b|\v|\u3000|\u1680|\u180e';
const KEYS =
  'name|namespace|ips|mac|infiniband-guid|interface|interfaceRequest|portMappings|bandwidth|deviceID|cni-args|default-route|' +
  'device-id|ipam-claim-reference|unknown|__proto__|';

/** @returns a function that generates one networks annotation per call */
export function annotations(seed: number): () => string {
  const make = new TextMaker(seed, KEYS);

  const blank = (): string => (make.chance(0.2) ? make.pick(BLANKS) : '');
  const item = (): string => {
    const namespace = make.chance(0.3) ? `${make.pick(NAMES)}${blank()}/` : '';
    const face = make.chance(0.4) ? `${blank()}@${blank()}${make.pick(INTERFACES)}` : '';
    return `${blank()}${namespace}${blank()}${make.pick(NAMES)}${face}${blank()}`;
  };
  const commaForm = (): string => {
    const items = make.repeat(4, item);
    return items.length === 0 ? item() : items.join(make.chance(0.9) ? ',' : make.pick(',|;|, |,,|，'));
  };

  const text = (pool: string): string => (make.chance(0.9) ? make.quoted(make.pick(pool)) : make.anything(0));
  const whole = (): string => make.pick(make.chance(0.9) ? '0|1|80|8080|65535' : NUMBERS);
  const portMapping = (): readonly [string, string] =>
    make.chance(0.5)
      ? [make.pick('hostPort|containerPort'), whole()]
      : [make.pick('protocol|hostIP'), text('tcp|UDP|10.0.0.1|')];
  const values: Readonly<Record<string, () => string>> = {
    name: () => text(NAMES),
    namespace: () => text('shop|x|kube-system|A|'),
    ips: () => make.list(() => text(make.chance(0.7) ? '10.0.0.1|10.0.0.2/24|fd00::1/64|fd00::00aa' : ADDRESSES)),
    mac: () => text(make.chance(0.6) ? '02:00:00:00:00:01|' : MACS),
    'infiniband-guid': () => text(make.chance(0.6) ? '02:00:00:00:00:00:00:01|' : MACS),
    interface: () => text(INTERFACES),
    interfaceRequest: () => text(INTERFACES),
    portMappings: () => make.list(() => (make.chance(0.9) ? make.object(portMapping) : make.anything(1))),
    bandwidth: () => make.object(() => [make.pick('ingressRate|ingressBurst|egressRate|egressBurst'), whole()]),
    deviceID: () => text('0000:00:07.0|x|'),
    'cni-args': () =>
      make.object(() => [
        make.pick('master|args|x|__proto__'),
        make.chance(0.5) ? make.quoted('ens6') : make.anything(3),
      ]),
    'default-route': () => make.list(() => text(make.chance(0.8) ? '10.0.0.1|fd00::1|' : ADDRESSES)),
  };
  /** Some elements draw from few keys, so that keys repeat. */
  const member = (few: boolean) => (): readonly [string, string] => {
    const key = make.pick(few ? 'ips|bandwidth|portMappings|default-route' : KEYS);
    if (make.chance(few ? 0 : 0.12)) return [key, make.anything(2)];
    if (few && make.chance(0.2)) return [key, make.pick('null|[null,null,null]|[]|{}')];
    return [key, Object.hasOwn(values, key) ? (values[key]?.() ?? '') : make.anything(1)];
  };
  const jsonForm = (): string => {
    const element = (): string => (make.chance(0.97) ? make.object(member(make.chance(0.2)), 7) : make.anything(1));
    const whole = make.chance(0.96) ? make.list(element) : make.chance(0.5) ? element() : make.anything(2);
    return `${make.blank()}${whole}${make.blank()}`;
  };

  return () => {
    const annotation = make.chance(0.3) ? commaForm() : jsonForm();
    return make.chance(0.25) ? make.mutated(annotation) : annotation;
  };
}

const CONFIG_KEYS =
  'type|plugins|name|cniVersion|capabilities|ipam|dns|prevResult|disableCheck|disableGC|loadOnlyInlinedPlugins|master|' +
  'cni.dev/valid-attachments|args';
const TYPES = 'macvlan|ipvlan|tuning|my-own|host-device|bridge';

/** @returns a function that generates one `spec.config` per call */
export function configs(seed: number): () => string {
  const make = new TextMaker(seed, CONFIG_KEYS);
  const text = (pool: string): string => (make.chance(0.93) ? make.quoted(make.pick(pool)) : make.anything(1));
  const flag = (): string => make.pick(make.chance(0.7) ? 'true|false' : 'null|"true"|"FALSE"|"x"|1|[]');
  const plugin = (): string => make.object(() => member(false), 5);
  const values: Readonly<Record<string, () => string>> = {
    type: () => text(make.chance(0.9) ? TYPES : ''),
    name: () => text('net|lan-1|'),
    cniVersion: () => text('0.3.1|0.4.0|1.0.0|1.1.0|2.0|'),
    plugins: () =>
      make.list(() => (make.chance(0.95) ? `{"type":${text(TYPES)},${plugin().slice(1)}` : make.anything(1))),
    capabilities: () => make.object(() => [make.pick('mac|ips|deviceID'), make.pick('true|false|true|true|null|1')]),
    ipam: () => make.object(() => [make.pick('type|subnet|range'), text('host-local|static|10.0.0.0/24')]),
    dns: () =>
      make.object(() => [
        make.pick('nameservers|domain|search|options'),
        make.chance(0.5) ? make.list(() => text('a|b')) : text('a|b'),
      ]),
    prevResult: () => make.object(() => [make.pick('ips|x'), make.anything(1)], 2),
    disableCheck: flag,
    disableGC: flag,
    loadOnlyInlinedPlugins: flag,
    'cni.dev/valid-attachments': () =>
      make.list(() => make.object(() => [make.pick('containerID|ifname'), text('a|b')], 2)),
  };
  const member = (list: boolean): readonly [string, string] => {
    const key = make.pick(
      list ? `plugins|plugins|plugins|plugins|cniVersion|name|${CONFIG_KEYS}` : `type|type|type|${CONFIG_KEYS}`,
    );
    if (make.chance(0.05)) return [key, make.anything(2)];
    return [key, values[key]?.() ?? make.anything(1)];
  };
  return () => {
    const list = make.chance(0.6);
    const config = make.chance(0.98) ? make.object(() => member(list && make.chance(0.9)), 6) : make.anything(2);
    return make.chance(0.08) ? make.mutated(config) : config;
  };
}
