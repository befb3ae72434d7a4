/** ipamd's log: how its versions word pool counts and failed calls (vpc-cni §4.3). */
import { describe, expect, it } from 'vitest';
import { readAgentLog } from './agent-log';

const AT = '2026-09-01T11:59:00.123Z';
const TAKEN = Date.parse('2026-09-01T12:00:00Z');
const line = (msg: string, level = 'debug', ts = AT): string =>
  JSON.stringify({ level, ts, caller: 'ipamd/ipamd.go:1', msg });
const read = (...lines: readonly string[]): readonly string[] | null =>
  readAgentLog(lines.join('\n'), TAKEN)?.metrics.trim().split('\n') ?? null;
const errors = (...of: readonly [api: string, code: string, count: number][]): readonly string[] =>
  of.map(([api, error, count]) => `awscni_aws_api_error_count{api="${api}",error="${error}"} ${String(count)}`);

describe('an ipamd log', () => {
  it.each<[string, string]>([
    ['v1.0', `${AT} [DEBUG] IP pool stats: total=28, used=3, c.currentMaxAddrsPerENI =5, c.maxAddrsPerENI = 6`],
    ['v1.3', `${AT} [DEBUG] IP Address Pool stats: total: 28, assigned: 3`],
    ['v1.8', line('IP pool stats: total = 28, used = 3, IPs in Cooldown = 0, c.maxIPsPerENI = 5')],
    ['v1.20', line('IP stats for Network Card 0 - total IPs: 28, assigned IPs: 3, cooldown IPs: 0')],
  ])('reports its pool counts as %s', (_, text) => {
    expect(read(line('IP pool stats: total = 9, used = 9, IPs in Cooldown = 0'), text)).toEqual([
      'awscni_total_ip_addresses 28',
      'awscni_assigned_ip_addresses 3',
    ]);
  });

  it('reports prefix counts as well', () => {
    expect(
      read(line('Prefix pool stats: Total IPs/Prefixes = 32/2, AssignedIPs/CooldownIPs: 32/0, c.max = 144')),
    ).toEqual(['awscni_total_ip_addresses 32', 'awscni_assigned_ip_addresses 32', 'awscni_total_ipv4_prefixes 2']);
  });

  it.each<[string, readonly string[]]>([
    ['of another hour', [line('IP pool stats: total = 9, used = 9, x', 'debug', '2026-09-01T10:59:00Z')]],
    [
      'of several cards',
      [
        line('IP stats for Network Card 1 - total IPs: 1, assigned IPs: 0, cooldown IPs: 0'),
        line('IP stats for Network Card 0 - total IPs: 28, assigned IPs: 3, cooldown IPs: 0'),
      ],
    ],
    ['of another program', ['{"level":"error","ts":"2026-09-01T11:59:00Z","msg":"reconciler stats: total=3, used=2"}']],
    ['without failures', [line('Insufficient: of a pod name', 'info')]],
  ])('%s is ignored', (_, lines) => {
    expect(read(...lines)).toBeNull();
  });

  it.each<[string, string, [string, string]]>([
    [
      'a private address',
      'Failed to allocate a private IP/Prefix addresses on ENI eni-01f87: InsufficientFreeAddressesInSubnet: The',
      ['AssignPrivateIpAddresses', 'InsufficientFreeAddressesInSubnet'],
    ],
    [
      'an ENI',
      'Failed to increase pool size due to not able to allocate ENI allocate eni: failed to create eni: failed to create network interface: InsufficientFreeAddressesInSubnet: The',
      ['CreateNetworkInterface', 'InsufficientFreeAddressesInSubnet'],
    ],
    [
      'an attachment',
      'not able to allocate ENI AllocENI: error attaching ENI: attachENI: failed to attach ENI: AttachmentLimitExceeded: Interface count 4',
      ['AttachNetworkInterface', 'AttachmentLimitExceeded'],
    ],
    [
      'SDK v2',
      'operation error EC2: DescribeNetworkInterfaces, https response error StatusCode: 403, RequestID: 1, api error UnauthorizedOperation: You are',
      ['DescribeNetworkInterfaces', 'UnauthorizedOperation'],
    ],
  ])('names the failed call: %s', (_, msg, [api, code]) => {
    expect(read(line(msg, 'error'))).toEqual(errors([api, code, 1]));
  });

  it('counts one call reported by several lines once', () => {
    const tells = (request: string): readonly string[] => [
      line(
        `Failed to CreateNetworkInterface RequestLimitExceeded: x\n\tstatus code: 503, request id: ${request}`,
        'error',
      ),
      line(`not able to allocate ENI: failed to create ENI: RequestLimitExceeded: x\n\trequest id: ${request}`, 'warn'),
    ];
    expect(read(...tells('a-1'), ...tells('a-2'))).toEqual(
      errors(['CreateNetworkInterface', 'RequestLimitExceeded', 2]),
    );
  });

  it('gives a continuation line the request id of the previous line', () => {
    const old = [
      '[ERROR] Failed to CreateNetworkInterface RequestLimitExceeded: x',
      '\tstatus code: 503, request id: a-1',
    ];
    const lines = old.map((text, at) => (at === 0 ? `${AT} ${text}` : text));
    expect(read(...lines, ...lines)).toEqual(errors(['CreateNetworkInterface', 'RequestLimitExceeded', 1]));
  });

  it('treats a failure an hour before the end as possibly resolved', () => {
    const failed = line('Failed to CreateNetworkInterface RequestLimitExceeded: x', 'error', '2026-09-01T10:00:00Z');
    const last = line('IP pool stats: total = 9, used = 1, x');
    expect(read(failed, last)).toEqual(['awscni_total_ip_addresses 9', 'awscni_assigned_ip_addresses 1']);
  });

  it('a log of any length is read', () => {
    const failed = line('Failed to CreateNetworkInterface RequestLimitExceeded: x', 'error');
    expect(readAgentLog(`${failed}\n`.repeat(200_000), TAKEN)?.metrics).toContain(' 200000\n');
  });
});

describe('an ipamd log in plain text', () => {
  it.each<[string, string]>([
    ['seelog', `${AT} [ERROR] \t`],
    ['seelog with the level first', `[ERROR] ${AT} `],
    ['the console format of zap', `${AT.replace('Z', '+0000')}\terror\tipamd/ipamd.go:1\t`],
    ['logrus', `time="${AT}" level=error msg="`],
  ])('%s is read like JSON, with its times', (_, before) => {
    const failed = `${before}Failed to CreateNetworkInterface RequestLimitExceeded: x`;
    expect(read(failed)).toEqual(errors(['CreateNetworkInterface', 'RequestLimitExceeded', 1]));
    expect(read(failed.replace('T11:', 'T09:'), line('IP pool stats: total = 9, used = 1, x'))).toHaveLength(2);
  });
});
