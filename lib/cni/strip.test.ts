import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNetworkConfig } from './config';
import { stripConfig } from './strip-config';
import { stripJson } from './strip';

const CONFIG = {
  cniVersion: '0.3.1',
  name: 'n6',
  plugins: [
    {
      type: 'macvlan',
      master: 'ens6',
      mode: 'bridge',
      mtu: 9001,
      password: 'PLANTED-1',
      env: { TOKEN: 'PLANTED-2', list: ['PLANTED-3'] },
      args: { cni: { mac: '02:00:00:00:00:01', secret: 'PLANTED-4' } },
      ipam: {
        type: 'whereabouts',
        range: '10.6.0.0/24',
        kubernetes: { kubeconfig: '/etc/PLANTED-5', k8s_auth_token: 'PLANTED-6' },
        etcd_host: 'PLANTED-7',
        pin: 424242,
      },
    },
    { type: 'tuning', sysctl: { 'net.ipv4.conf.all.forwarding': '1' }, key: 'PLANTED-8' },
  ],
};

describe('stripping a config', () => {
  it('keeps the fields that are read, and lists where something was dropped', () => {
    const { text, dropped, isCut } = stripConfig(JSON.stringify(CONFIG), null);
    expect(text).not.toMatch(/PLANTED|424242/);
    expect(text).toContain('"master":"ens6"');
    expect(text).toContain('"range":"10.6.0.0/24"');
    expect(dropped).toEqual(
      expect.arrayContaining([
        'plugins[0].password',
        'plugins[0].env',
        'plugins[0].ipam.etcd_host',
        'plugins[0].ipam.pin',
        'plugins[1].key',
      ]),
    );
    expect(isCut).toBe(false);
    expect(readNetworkConfig(text, null)).toEqual(readNetworkConfig(JSON.stringify(CONFIG), null));
    expect(stripConfig(text, null).text).toBe(text);
  });

  it.each([
    ['{"type":"macvlan","master":"ens6"', 'cut'],
    ['{"type":"macvlan","token":"PLANTED" "x"}', 'a missing comma'],
    ['kubeconfig: PLANTED', 'YAML'],
    ['"PLANTED"', 'a text'],
    ['["PLANTED"]', 'a list'],
    ['null', 'null'],
    ['{"type":7,"token":"PLANTED"}', 'an invalid type'],
    ['{"type":"macvlan","Type":"PLANTED-bridge","token":"PLANTED"}', 'two types'],
    ['{"type":"macvlan","x":1e999,"token":"PLANTED"}', 'a number out of range'],
    ['{"type":"calico","kubernetes":{"k8s_auth_token":"PLANTED","kubeconfig":"PLANTED"}}', 'calico'],
    ['{"type":"ovn-k8s-cni-overlay","netAttachDefName":"a/b","token":"PLANTED"}', 'OVN'],
    ['{"type":"our-own","secret":"PLANTED","master":"eth1"}', 'an unknown plugin'],
  ])('%s is read as before (%s)', (config) => {
    const { text } = stripConfig(config, null);
    expect(readNetworkConfig(text, null)).toEqual(readNetworkConfig(config, null));
    if (!config.includes('Type')) expect(text).not.toContain('PLANTED');
  });
});

describe('stripping a random config', () => {
  it('changes nothing that is read, and is idempotent', () => {
    const key = fc.constantFrom(
      'type',
      'Type',
      'master',
      'ipam',
      'plugins',
      'name',
      'range',
      'mode',
      'secret',
      'mtu',
      'args',
      'cni',
      'mac',
      'vlan',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('macvlan', 'bridge', 'host-local', 'whereabouts', 'ens6', '10.0.0.0/24', '', 'x'),
        fc.integer({ min: -2, max: 9_000 }),
        fc.constantFrom(true, false, null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((pairs) => ({ pairs })),
      ),
    }));
    const written = (node: unknown): string => {
      if (typeof node === 'object' && node !== null && 'pairs' in node)
        return `{${(node.pairs as [string, unknown][]).map(([name, one]) => `${JSON.stringify(name)}: ${written(one)}`).join(' , ')}}`;
      return Array.isArray(node) ? `[ ${node.map(written).join(', ')}]` : JSON.stringify(node);
    };
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 8 }), fc.nat(200), (entries, cut) => {
        const whole = written({ pairs: [['type', 'macvlan'], ...entries] });
        for (const config of [whole, whole.slice(0, cut)]) {
          const { text, isCut } = stripConfig(config, null);
          expect(isCut).toBe(false);
          expect(readNetworkConfig(text, null)).toEqual(readNetworkConfig(config, null));
        }
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it('truncates oversized configs in bounded time', () => {
    const config = JSON.stringify({
      type: 'macvlan',
      master: 'ens6',
      ipam: {
        type: 'static',
        addresses: Array.from({ length: 20_000 }, (_, n) => ({
          address: `10.0.${n >> 8}.${n & 255}/16`,
          x: `PLANTED${n}`,
        })),
      },
    });
    const { isCut, text } = stripConfig(config, null);
    expect(isCut).toBe(true);
    expect(text).not.toContain('PLANTED19999');
  });
});

it('handles deeply nested text', () => {
  for (const text of ['['.repeat(9_000) + ']'.repeat(9_000), '{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000)])
    expect(stripJson(text, (candidate) => candidate === text)).toEqual({
      text: '?',
      dropped: ['everything'],
      isCut: true,
    });
});
