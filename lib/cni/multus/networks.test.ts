import { describe, expect, it } from 'vitest';
import { parseNetworksAnnotation, parsePodNetworkAnnotation, selectionProblem, unreadKeys } from './networks';

const read = (text: string | null) => parseNetworksAnnotation(text, 'shop');
const errorOf = (text: string) => {
  const { annotation, selections } = read(text);
  expect(annotation.state).toBe('invalid');
  expect(selections).toEqual([]);
  return annotation.error;
};
/** `namespace/name@interface` of every selection. */
const short = (text: string) => {
  const { annotation, selections } = read(text);
  expect(annotation).toEqual({ state: 'valid', error: null });
  expect(selections.map(({ index }) => index)).toEqual(selections.map((_, i) => i));
  return selections.map((s) => `${s.namespace}/${s.name}${s.interface === null ? '' : `@${s.interface}`}`);
};

describe('states (multus §1.2)', () => {
  it.each([
    [null, 'absent'],
    ['', 'empty'],
    ['[]', 'valid'],
  ])('%j is %s', (text, state) => {
    expect(read(text)).toEqual({ annotation: { state, error: null }, selections: [] });
  });

  it('a space is not empty: it is one network without a name', () => {
    expect(short(' ')).toEqual(['shop/']);
  });
});

describe('the comma form (§1.2, 3–6)', () => {
  it.each([
    ['a', ['shop/a']],
    ['b, a', ['shop/b', 'shop/a']],
    ['x/a,b', ['x/a', 'shop/b']],
    ['a@eth7', ['shop/a@eth7']],
    ['x/a@if0', ['x/a@if0']],
    ['  x / a @ if0 \n', ['x/a@if0']],
    ['a\n,\nb', ['shop/a', 'shop/b']],
    ['a,', ['shop/a', 'shop/']],
    ['a,,b', ['shop/a', 'shop/', 'shop/b']],
    ['x/', ['x/']],
    ['/a', ['shop/a']],
    ['a@', ['shop/a']],
    ['a,a', ['shop/a', 'shop/a']],
    ['a@Net_1.5', ['shop/a@Net_1.5']],
    ['a@abcdefghijklmno', ['shop/a@abcdefghijklmno']],
    ['null', ['shop/null']],
    ['1-a', ['shop/1-a']],
  ])('%j', (text, want) => expect(short(text)).toEqual(want));

  it.each([
    ['a/b/c', "parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '/')"],
    ['a@b@c', "parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '@')"],
    ['good,a/b/c', "parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '/')"],
  ])('%j is rejected', (text, error) => expect(errorOf(text)).toBe(error));

  it.each(['A', 'a.b', 'a_b', '-a', 'a-', 'Ns/a', 'a b', 'a\tb', 'ä'])('%j is not a valid name', (text) => {
    const bad = text.split('/').find((part) => part !== 'a') ?? text;
    expect(errorOf(text)).toBe(
      'parsePodNetworkAnnotation: parsePodNetworkObjectName: Failed to parse: one or more items did not match comma-delimited format (must consist of lower case alphanumeric characters). Must start and end with an alphanumeric character), ' +
        `mismatch @ '${bad}'`,
    );
  });

  it.each(['abcdefghijklmnop', 'a b', 'a\tb', 'ääääääää'])('interface name %j is rejected', (name) => {
    expect(errorOf(`a@${name}`)).toBe(
      `parsePodNetworkAnnotation: parsePodNetworkObjectName: Failed to parse interface name: must be less than 15 chars and not contain '/' or spaces. interface name '${name}'`,
    );
  });
});

const JSON_FORM =
  'parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: ';

describe('the JSON form: input that Multus rejects (§1.2, 2 and 7–10)', () => {
  it.each([
    ['{"name":"a"}', 'json: cannot unmarshal object into Go value of type []*types.NetworkSelectionElement'],
    ['"a"', 'json: cannot unmarshal string into Go value of type []*types.NetworkSelectionElement'],
    ['["a"]', 'json: cannot unmarshal string into Go value of type types.NetworkSelectionElement'],
    ['[[]]', 'json: cannot unmarshal array into Go value of type types.NetworkSelectionElement'],
    ['[{"name":1}]', 'json: cannot unmarshal number into Go struct field NetworkSelectionElement.name of type string'],
    ['[{"NAME":true}]', 'json: cannot unmarshal bool into Go struct field NetworkSelectionElement.name of type string'],
    [
      '[{"ips":"10.0.0.1"}]',
      'json: cannot unmarshal string into Go struct field NetworkSelectionElement.ips of type []string',
    ],
    ['[{"ips":[1]}]', 'json: cannot unmarshal number into Go struct field NetworkSelectionElement.ips of type string'],
    [
      '[{"default-route":"10.0.0.1"}]',
      'json: cannot unmarshal string into Go struct field NetworkSelectionElement.default-route of type []net.IP',
    ],
    ['[{"default-route":["gw"]}]', 'invalid IP address: gw'],
    ['[{"name":1,"default-route":["gw"]}]', 'invalid IP address: gw'],
    [
      '[{"cni-args":[1]}]',
      'json: cannot unmarshal array into Go struct field NetworkSelectionElement.cni-args of type map[string]interface {}',
    ],
    [
      '[{"bandwidth":{"ingressRate":"1"}}]',
      'json: cannot unmarshal string into Go struct field BandwidthEntry.bandwidth.ingressRate of type int',
    ],
    [
      '[{"bandwidth":{"ingressRate":1.5}}]',
      'json: cannot unmarshal number 1.5 into Go struct field BandwidthEntry.bandwidth.ingressRate of type int',
    ],
    [
      '[{"portMappings":[{"hostPort":"80"}]}]',
      'json: cannot unmarshal string into Go struct field PortMapEntry.portMappings.hostPort of type int',
    ],
    ['[{"name":"a",}]', "invalid character '}' looking for beginning of object key string"],
    ['[{"name":“a”}]', "invalid character 'â' looking for beginning of value"],
    ['[{"name":"a"} // x\n]', "invalid character '/' after array element"],
    ['[{name: a}]', "invalid character 'n' looking for beginning of object key string"],
    ['a,"b"', "invalid character 'a' looking for beginning of value"],
  ])('%j is rejected', (text, error) => expect(errorOf(text)).toBe(JSON_FORM + error));

  it.each([
    ['[{"name":"a","mac":"zz"}]', 'parsePodNetworkAnnotation: failed to mac: address zz: invalid MAC address'],
    [
      '[{"name":"a","infiniband-guid":"1"}]',
      'parsePodNetworkAnnotation: failed to validate infiniband GUID: address 1: invalid MAC address',
    ],
    ['[{"name":"a","ips":["10.0.0.1/33"]}]', 'failed to parse CIDR "10.0.0.1/33": invalid CIDR address: 10.0.0.1/33'],
    ['[{"name":"a","ips":["10.0.0"]}]', 'failed to parse IP address "10.0.0"'],
    ['[{"name":"a","ips":[null]}]', 'failed to parse IP address ""'],
    ['[{"name":"a","ips":["x\\ny"]}]', 'failed to parse IP address "x\\ny"'],
    ['[null]', 'parsePodNetworkAnnotation: element 0 is null, on which Multus crashes'],
    ['[{"name":"a"},null]', 'parsePodNetworkAnnotation: element 1 is null, on which Multus crashes'],
  ])('%j fails validation', (text, error) => expect(errorOf(text)).toBe(error));
});

describe('the JSON form: requests (§1.3)', () => {
  it.each([
    ['\n[{"name":"a"}] \n', ['shop/a']],
    ['[{"name":"a","namespace":"x","interface":"i0"}]', ['x/a@i0']],
    ['[{"name":"a","interfaceRequest":"old0"}]', ['shop/a@old0']],
    ['[{"name":"a","interface":"new0","interfaceRequest":"old0"}]', ['shop/a@new0']],
    ['[{"NAME":"a","NameSpace":"x"}]', ['x/a']],
    ['[{"name":"Net.A_1","unknown":{"x":[1]}}]', ['shop/Net.A_1']],
    ['[{"name":"x/a"}]', ['shop/x/a']],
    ['[{"name":null,"ips":null,"mac":null}]', ['shop/']],
    ['[{}]', ['shop/']],
    ['[{"name":"a","device-id":"ignored"}]', ['shop/a']],
    ['[{"name":"a","interface":"longer-than-the-kernel-takes"}]', ['shop/a@longer-than-the-kernel-takes']],
  ])('%j', (text, want) => expect(short(text)).toEqual(want));

  it('reads every field that the topology needs, with normalised values', () => {
    const [selection] = read(
      JSON.stringify([
        {
          name: 'a',
          ips: ['10.0.0.5/24', 'FD00::0005'],
          mac: 'CA-FE-C0-FF-00-02',
          'default-route': ['10.0.0.1', '', 'fd00::1'],
          'cni-args': { master: ['ens6', 7, ''] },
          deviceID: '0000:00:07.0',
        },
      ]),
    ).selections;
    expect(selection).toEqual({
      index: 0,
      namespace: 'shop',
      name: 'a',
      interface: null,
      ips: ['10.0.0.5', 'fd00::5'],
      mac: 'ca:fe:c0:ff:00:02',
      defaultRoute: ['10.0.0.1', 'fd00::1'],
      masters: ['ens6'],
      deviceId: '0000:00:07.0',
    });
  });

  it('distinguishes an empty default-route list from none (§1.5)', () => {
    expect(read('[{"name":"a","default-route":[]}]').selections[0]?.defaultRoute).toEqual([]);
    expect(read('[{"name":"a","default-route":null}]').selections[0]?.defaultRoute).toBeNull();
    expect(read('[{"name":"a"}]').selections[0]?.defaultRoute).toBeNull();
  });

  it('accepts a single name as master in cni-args, and nothing else', () => {
    expect(read('[{"name":"a","cni-args":{"master":"ens6"}}]').selections[0]?.masters).toEqual(['ens6']);
    expect(read('[{"name":"a","cni-args":{"master":{"x":1}}}]').selections[0]?.masters).toEqual([]);
    expect(read('[{"name":"a","cni-args":{"__proto__":{"master":"ens6"}}}]').selections[0]?.masters).toEqual([]);
  });
});

describe('the JSON form, decoded as encoding/json does', () => {
  // Each result is that of Multus v4.3.0 built with Go 1.25 (e2e/multus).
  it.each([
    ['[{"name":"a","name":null}]', { name: 'a' }],
    ['[{"name":"a","NAME":"b","name":"c"}]', { name: 'c' }],
    ['[{"name":"a","NAME":"b"}]', { name: 'b' }],
    ['[{"interface":"i0","interface":""}]', { interface: '' }],
    ['[{"ips":["10.0.0.1","10.0.0.2"],"ips":["10.0.0.3"]}]', { ips: ['10.0.0.3'] }],
    ['[{"ips":["10.0.0.1","10.0.0.2"],"ips":[null]}]', { ips: ['10.0.0.1'] }],
    ['[{"ips":["10.0.0.1","10.0.0.2"],"ips":["10.0.0.3"],"ips":[null,null]}]', { ips: ['10.0.0.3', '10.0.0.2'] }],
    ['[{"ips":["10.0.0.1"],"ips":[]}]', { ips: [] }],
    ['[{"ips":["10.0.0.1"],"ips":null}]', { ips: null }],
    ['[{"bandwidth":{"ingressRate":1},"bandwidth":{"egressRate":2}}]', { bandwidth: [1, 0, 2, 0] }],
    ['[{"bandwidth":{"ingressRate":1},"bandwidth":null}]', { bandwidth: null }],
    ['[{"cni-args":{"a":1,"b":2},"cni-args":{"b":3}}]', { 'cni-args': { a: 1, b: 3 } }],
    ['[{"default-route":["10.0.0.1"],"default-route":null}]', { 'default-route': null }],
    ['[{"default-route":["10.0.0.1",null,""]}]', { 'default-route': ['10.0.0.1', null, null] }],
  ])('%s: a repeated key is decoded into the first value', (text, want) => {
    const got = parsePodNetworkAnnotation(text, 'shop');
    const [element] = 'elements' in got ? got.elements : [];
    const { bandwidth } = element ?? {};
    const shown =
      bandwidth === undefined || bandwidth === null ? element : { ...element, bandwidth: Object.values(bandwidth) };
    expect(shown).toMatchObject(want);
  });

  it.each([
    ['[{"ipſ":["x"]}]', 'failed to parse IP address "x"'],
    ['[{"Kma":1}]', null],
    ['[{"namė":1}]', null],
    ['[{"name ":1}]', null],
  ])('%s: keys match case-insensitively, including the long s', (text, error) => {
    expect(read(text).annotation.error).toBe(error);
  });

  it.each([
    ['0', null],
    ['-0', null],
    ['9223372036854775807', null],
    ['-9223372036854775808', null],
    ['9223372036854775808', 'number 9223372036854775808'],
    ['123456789012345678901', 'number 123456789012345678901'],
    ['1.0', 'number 1.0'],
    ['1e2', 'number 1e2'],
    ['1E400', 'number 1E400'],
    ['"1"', 'string'],
  ])('rejects a port of %s', (number, refused) => {
    expect(read(`[{"portMappings":[{"hostPort":${number}}]}]`).annotation.error).toBe(
      refused === null
        ? null
        : `${JSON_FORM}json: cannot unmarshal ${refused} into Go struct field PortMapEntry.portMappings.hostPort of type int`,
    );
  });

  it('reports the first value of a wrong type, even if a later key corrects it', () => {
    expect(errorOf('[{"name":1,"name":"a","ips":1}]')).toBe(
      `${JSON_FORM}json: cannot unmarshal number into Go struct field NetworkSelectionElement.name of type string`,
    );
    expect(errorOf('[{"cni-args":{"x":[{"y":1e999}],"z":-1e999}}]')).toBe(
      `${JSON_FORM}json: cannot unmarshal number 1e999 into Go struct field NetworkSelectionElement.cni-args of type float64`,
    );
    expect(read('[{"unknown":1e999,"cni-args":{"x":1e-999}}]').annotation.error).toBeNull();
  });

  it('decodes a lone surrogate as the replacement character, as in Go', () => {
    expect(short(String.raw`[{"name":"a\ud800b"},{"name":"\ud83d\ude00"}]`)).toEqual(['shop/a\ufffdb', 'shop/😀']);
  });

  it.each([
    ['::1.2.3.4', '::102:304'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::ffff:10.0.0.1/120', '10.0.0.1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['FD00::0A/064', 'fd00::a'],
  ])('the address %s', (written, want) => {
    expect(read(JSON.stringify([{ ips: [written] }])).selections[0]?.ips).toEqual([want]);
  });

  it('rejects a MAC without separators, as Multus does (built with Go 1.25)', () => {
    expect(errorOf('[{"mac":"020000000001"}]')).toBe(
      'parsePodNetworkAnnotation: failed to mac: address 020000000001: invalid MAC address',
    );
  });
});

describe('selectionProblem', () => {
  it.each([
    [
      { namespace: 'x', name: '' },
      'cannot find a network-attachment-definition () in namespace (x): resource name may not be empty',
    ],
    [
      { namespace: 'x', name: 'y/a' },
      '"name" holds a slash: in JSON the namespace is a key of its own, so Multus looks for a network called "y/a" in namespace x',
    ],
    [{ namespace: 'x', name: 'a' }, null],
  ])('%j', (selection, want) => expect(selectionProblem(selection)).toBe(want));
});

it.each<[string, readonly [key: string, meant: string][]]>([
  ['[{"name":"a","macaddress":"ce:ff:6a:78:88:a1"}]', [['macaddress', 'mac']]],
  ['[{"name":"a","IPs":["10.0.0.1"],"deviceId":"x","ipam-claim-reference":"y"}]', []],
  ['[{"name":"a","cni-args":{"foo":1},"portMappings":[{"hostPort":1}],"bandwidth":{"ingressRate":1}}]', []],
  [
    '[{"name":"a","default_route":["10.0.0.1"]},{"nam":"b"}]',
    [
      ['default_route', 'default-route'],
      ['nam', 'name'],
    ],
  ],
  [
    '[{"name":"a","ipam":{"type":"static"},"constructor":1}]',
    [
      ['ipam', '-'],
      ['constructor', '-'],
    ],
  ],
  [
    '[{"name":"a","port_mappings":[],"device-id":"x"}]',
    [
      ['port_mappings', 'portMappings'],
      ['device-id', 'deviceID'],
    ],
  ],
  ['a,b', []],
  ['[{"name":', []],
])('keys that Multus does not read: %s', (text, expected) => {
  expect(unreadKeys(text).map(({ key, meant }) => [key, meant])).toEqual(expected);
});
