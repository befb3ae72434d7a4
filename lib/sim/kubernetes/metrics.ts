/** aws-node's metrics on port 61678, in the Prometheus text format (vpc-cni §4.3). */
import { attachedEnis } from '../model/enis';
import { slotsOf } from '../model/ipamd';
import type { SimNode } from '../model/node';
import type { ClusterState } from '../model/state';

type Sample = readonly [labels: string, value: number];

const family = (name: string, type: string, help: string, samples: readonly Sample[]): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
];

/** Gauges without labels. The datastores of all cards write the same ones, so the last card wins. */
function gauges(state: ClusterState, node: SimNode): readonly string[] {
  const gauge = (name: string, help: string, value: number): readonly string[] =>
    family(name, 'gauge', help, [['', node.metricOverrides.get(name) ?? value]]);
  const last = [...node.stores.values()].at(-1);
  const ipv6 = last?.mode === 'ipv6';
  const perSlot = last?.mode === 'prefix' ? 16 : 1;
  const skipped = attachedEnis(state, node).filter(
    ({ id, attachment }) => node.unmanaged.has(id) && node.stores.has(attachment?.card ?? 0),
  ).length;
  const limit = Math.min(node.type?.enisPerCard ?? 0, node.cni?.maxEni ?? Infinity) - skipped;
  return [
    ...gauge('awscni_eni_max', 'The maximum number of ENIs that can be attached to the instance', limit),
    ...gauge(
      'awscni_ip_max',
      'The maximum number of IP addresses that can be allocated to the instance',
      ipv6 ? 0 : slotsOf(node) * perSlot * limit,
    ),
    ...gauge('awscni_eni_allocated', 'The number of ENIs allocated', last?.stocks.length ?? 0),
    ...gauge(
      'awscni_total_ip_addresses',
      'The total number of IP addresses',
      ipv6 ? 281474976710656 : (last?.total ?? 0),
    ),
    ...gauge('awscni_assigned_ip_addresses', 'The number of IP addresses assigned to pods', last?.assigned ?? 0),
    ...(ipv6 ? [] : gauge('awscni_total_ipv4_prefixes', 'The total number of IPv4 prefixes', last?.prefixCount ?? 0)),
  ];
}

/** Assigned addresses by ENI and by range. */
function assignments({ stores }: SimNode): readonly string[] {
  const all = [...stores.values()].flatMap((store) => store.stocks.map((stock) => ({ store, stock })));
  return [
    ...family(
      'awscni_assigned_ip_per_eni',
      'gauge',
      'The number of allocated ips partitioned by eni',
      all.map(({ store, stock }) => [`{eni="${stock.eniId}"}`, store.assignedOn(stock)]),
    ),
    ...family(
      'awscni_assigned_ip_per_cidr',
      'gauge',
      'The total number of IP addresses assigned per cidr',
      all.flatMap(({ stock }) => [
        ...stock.slots.map((slot): Sample => [`{cidr="${slot.ip}/32"}`, slot.holder === null ? 0 : 1]),
        ...stock.prefixes.map((item): Sample => [`{cidr="${item.cidr}"}`, item.held.size]),
      ]),
    ),
  ];
}

function counters({ metrics }: SimNode): readonly string[] {
  const errors = [...metrics.apiErrors].map(([key, count]): Sample => {
    const [api = '', error = ''] = key.split('/');
    return [`{api="${api}",error="${error}"}`, count];
  });
  return [
    ...family(
      'awscni_no_available_ip_addresses',
      'counter',
      'The number of pod IP assignments that fail due to no available IP addresses',
      [['', metrics.noAvailable]],
    ),
    ...family('awscni_add_ip_req_count', 'counter', 'The number of add IP address requests', [['', metrics.adds]]),
    ...family('awscni_del_ip_req_count', 'counter', 'The number of delete IP address requests', [
      ['{reason="PodDeleted"}', metrics.deletes],
    ]),
    ...family('awscni_ipamd_action_inprogress', 'gauge', 'The number of ipamd actions in progress', [
      ['{fn="nodeIPPoolReconcile"}', 0],
    ]),
    ...(errors.length === 0
      ? []
      : family('awscni_aws_api_error_count', 'counter', 'The number of times AWS API returns an error', errors)),
  ];
}

/** The metrics of a node’s aws-node in the Prometheus text format. */
export function renderMetrics(state: ClusterState, node: SimNode): string {
  const lines = [
    ...family('awscni_build_info', 'gauge', "A metric with a constant '1' value labeled by version and goversion", [
      [`{goversion="go1.25.0",version="${node.cni?.version ?? ''}"}`, 1],
    ]),
    ...gauges(state, node),
    ...assignments(node),
    ...counters(node),
    ...family('awscni_aws_api_latency_ms', 'summary', 'AWS API call latency in ms', []),
    'awscni_aws_api_latency_ms_sum{api="AssignPrivateIpAddresses",error="false",status="200"} 2938',
    'awscni_aws_api_latency_ms_count{api="AssignPrivateIpAddresses",error="false",status="200"} 10',
  ];
  return `${lines.join('\n')}\n`;
}
