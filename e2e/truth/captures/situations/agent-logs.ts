/** Posts with lines of ipamd.log, whose format changed over the versions. */
import { Cluster } from '../kit/cluster';
import { ago, type Node } from '../kit/node';
import { fill, is, NO_ADDRESS, none, refused, says, type Situation } from './situation';

interface Line {
  readonly level: string;
  readonly msg: string;
  /** Seconds before the capture. */
  readonly before?: number;
}

/** The log as zap writes it (v1.6 and later). */
const written = (lines: readonly Line[]): string =>
  lines
    .map(({ level, msg, before = 20 }) =>
      JSON.stringify({ level, ts: ago(before).replace('Z', '.123Z'), caller: 'ipamd/ipamd.go:934', msg }),
    )
    .join('\n');

/** The log as seelog wrote it. */
const writtenOld = (lines: readonly Line[]): string =>
  lines.map(({ level, msg, before = 20 }) => `${ago(before)} [${level.toUpperCase()}] ${msg}`).join('\n');

const posted = (cluster: Cluster, path: string, text: string): void =>
  void cluster.extraFiles.push({ path, text: `${text}\n` });

/** A node without EC2's answers, one pod of which waits. */
function unlisted(pods = 3): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster({ withoutEc2: true });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false, maxPods: 29 });
  fill(cluster, node, node.primary, pods);
  cluster.waiting('shop/late', node, { createdAt: ago(900) });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return { cluster, node };
}

/** As with aws-sdk-go: awsutils and ipamd each log the same failure in their own words. */
const noAddressInSubnet = (request: string): readonly Line[] => {
  const error = `InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.\n\tstatus code: 400, request id: ${request}`;
  return [
    { level: 'error', msg: `Failed to allocate a private IP/Prefix addresses on ENI eni-01f87: ${error}` },
    { level: 'warn', msg: `failed to allocate all available IP addresses on ENI eni-01f87, err: ${error}` },
  ];
};

function subnetSaidEmpty(): Situation {
  const { cluster } = unlisted();
  posted(
    cluster,
    'var/log/aws-routed-eni/ipamd.log',
    written([
      {
        level: 'debug',
        msg: 'IP pool stats: Total IPs/Prefixes = 3/0, AssignedIPs/CooldownIPs: 3/0, c.maxIPsPerENI = 9',
      },
      ...noAddressInSubnet('aeac321e-be9f'),
      ...noAddressInSubnet('aeac321e-be90'),
    ]),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1739, aws/amazon-vpc-cni-k8s#1773',
    cluster,
    checks: [
      says('findings[rule=pod-ip-failed]', 'AssignPrivateIpAddresses InsufficientFreeAddressesInSubnet 2 times'),
      says('findings[rule=pod-ip-failed]', 'subnet had no free address'),
      is('nodes[name=n1].pools.0.total', 3),
      is('nodes[name=n1].pools.0.available', 0),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /no free address/ }],
  };
}

/** Pool counts as the newest version words them, and a refused call as SDK v2 does. */
function withoutRights(): Situation {
  const { cluster } = unlisted();
  posted(
    cluster,
    'logs/ipamd.log',
    written([
      { level: 'debug', msg: 'IP stats for Network Card 0 - total IPs: 3, assigned IPs: 3, cooldown IPs: 0' },
      {
        level: 'error',
        msg: 'Failed to CreateNetworkInterface operation error EC2: CreateNetworkInterface, https response error StatusCode: 403, RequestID: 11ff, api error UnauthorizedOperation: You are not authorized to perform this operation.',
      },
    ]),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#3494, aws/amazon-vpc-cni-k8s#871',
    cluster,
    checks: [says('findings[subjects~pod:shop/late]', 'permission|ec2-permission-missing')],
  };
}

/** EC2 counts an ENI that ipamd does not know of. */
function attachRefused(): Situation {
  const { cluster } = unlisted(3);
  posted(
    cluster,
    'issue.md',
    [
      'This is in the ipamd log:',
      '```',
      written([
        {
          level: 'error',
          msg: 'Failed to increase pool size due to not able to allocate ENI AllocENI: error attaching ENI: attachENI: failed to attach ENI: AttachmentLimitExceeded: Interface count 4 exceeds the limit for d3en.12xlarge\n\tstatus code: 400, request id: 04af5d7e-7de9',
        },
        {
          level: 'debug',
          msg: 'IP pool stats: total = 3, used = 3, IPs in Cooldown = 0, c.maxIPsPerENI = 29',
        },
      ]),
      '```',
    ].join('\n'),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2309, aws/amazon-vpc-cni-k8s#1791',
    cluster,
    checks: [says('findings[rule=pod-ip-failed]', 'AttachNetworkInterface AttachmentLimitExceeded 1 times')],
  };
}

function old(): Situation {
  const { cluster } = unlisted();
  posted(
    cluster,
    'ipamd.log.2018-03-01-02',
    writtenOld([
      { level: 'debug', msg: 'IP pool stats: total=3, used=3, c.currentMaxAddrsPerENI =5, c.maxAddrsPerENI = 6' },
      {
        level: 'error',
        msg: 'Failed to CreateNetworkInterface InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.\n\tstatus code: 400, request id: ded36c17-afbe',
      },
    ]),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#40',
    cluster,
    checks: [says('findings[rule=pod-ip-failed]', 'CreateNetworkInterface InsufficientFreeAddressesInSubnet 1 times')],
  };
}

/** Lines of the log between two answers, without fences or commands around them. */
function betweenAnswers(): Situation {
  const { cluster } = unlisted();
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b', uid: 'c' } };
  const lines = written([
    { level: 'debug', msg: 'IP stats for Network Card 0 - total IPs: 3, assigned IPs: 3, cooldown IPs: 0' },
    ...noAddressInSubnet('aeac321e-be9f'),
  ]);
  posted(cluster, 'post.txt', [JSON.stringify(config, null, 2), lines, JSON.stringify(config, null, 2)].join('\n'));
  return {
    source: 'aws/amazon-vpc-cni-k8s#1773, pasted without fences',
    cluster,
    checks: [
      says('findings[rule=pod-ip-failed]', 'AssignPrivateIpAddresses InsufficientFreeAddressesInSubnet 1 times'),
    ],
  };
}

/** The archive of eks-log-collector names the instance. */
function ofOneNodeOfTwo(): Situation {
  const { cluster, node } = unlisted();
  const other = cluster.node('n2', node.subnet, { metrics: false });
  cluster.pod('shop/elsewhere', other, other.primary);
  posted(
    cluster,
    `eks_${node.instance ?? ''}_2026-09-01/var_log/aws-routed-eni/ipamd.log`,
    written([
      { level: 'debug', msg: 'IP stats for Network Card 0 - total IPs: 3, assigned IPs: 3, cooldown IPs: 0' },
      ...noAddressInSubnet('aeac321e-be9f'),
    ]),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1479 (an archive of eks-log-collector)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 3),
      is('nodes[name=n2].pools.0.total', null),
      says('findings[rule=pod-ip-failed]', 'no free address'),
    ],
  };
}

/** A healthy node: its log also has an error and pool counts of two hours ago. */
function passed(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  posted(
    cluster,
    'ipamd.log',
    written([
      {
        level: 'debug',
        msg: 'IP pool stats: Total IPs/Prefixes = 9/0, AssignedIPs/CooldownIPs: 9/0, c.maxIPsPerENI = 9',
        before: 7200,
      },
      {
        level: 'error',
        msg: 'Failed to CreateNetworkInterface RequestLimitExceeded: Request limit exceeded.\n\tstatus code: 503, request id: 1',
        before: 7100,
      },
      { level: 'info', msg: 'Successfully created and attached a new ENI eni-0a to instance', before: 7000 },
      {
        level: 'debug',
        msg: 'IP pool stats: Total IPs/Prefixes = 18/0, AssignedIPs/CooldownIPs: 4/0, c.maxIPsPerENI = 9',
      },
    ]),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#923',
    cluster,
    checks: [
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      is('nodes[name=n1].pools.0.total', 18),
      is('nodes[name=n1].pools.0.assigned', 4),
    ],
  };
}

/** The only line that somebody posts of the log: a JSON object, as an answer is. */
function oneLine(): Situation {
  const { cluster } = unlisted();
  const msg = 'IP pool stats: Total IPs/Prefixes = 3/0, AssignedIPs/CooldownIPs: 3/0, c.maxIPsPerENI = 9';
  posted(cluster, 'ipamd.log', written([{ level: 'debug', msg }]));
  return {
    source: 'aws/amazon-vpc-cni-k8s#1791',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 3),
      is('nodes[name=n1].pools.0.available', 0),
      none('sources[id=capture/files]'),
    ],
  };
}

/** The log is a day older than the capture, so its pool counts are not the current ones. */
function ofAnotherDay(): Situation {
  const { cluster } = unlisted();
  posted(
    cluster,
    'ipamd.log',
    written([
      {
        level: 'debug',
        msg: 'IP pool stats: Total IPs/Prefixes = 40/0, AssignedIPs/CooldownIPs: 12/0, c.maxIPsPerENI = 9',
        before: 90_000,
      },
    ]),
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2203',
    cluster,
    checks: [is('nodes[name=n1].pools.0.total', null)],
  };
}

export const agentLogs: Readonly<Record<string, () => Situation>> = {
  'ipamd.log: the subnet is empty': subnetSaidEmpty,
  'ipamd.log of one line': oneLine,
  'ipamd.log: missing permission': withoutRights,
  'ipamd.log in an issue: attaching is refused': attachRefused,
  'ipamd.log of 2018': old,
  'ipamd.log between answers': betweenAnswers,
  'ipamd.log of one node of two': ofOneNodeOfTwo,
  'ipamd.log: a resolved failure': passed,
  'ipamd.log of another day': ofAnotherDay,
};
