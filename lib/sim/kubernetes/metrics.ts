/** aws-node's metrics on port 61678, in the Prometheus text format (vpc-cni §4.3). */
import { attachedEnis } from '../model/enis';
import { slotsOf } from '../model/ipamd';
import type { SimNode } from '../model/node';
import type { ClusterState } from '../model/state';

/** The metrics of a node’s aws-node in the Prometheus text format. */
export function renderMetrics(state: ClusterState, node: SimNode): string {
  const lines: string[] = [];
  const family = (
    name: string,
    type: string,
    help: string,
    samples: readonly (readonly [labels: string, value: number])[],
  ): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`${name}${labels} ${value}`);
  };
  const stores = [...node.stores.values()];
  // Every card's datastore writes the same gauges: the last one wins.
  const last = stores.at(-1);
  const prefix = last?.mode === 'prefix';
  const skipped = attachedEnis(state, node).filter(
    ({ id, attachment }) => node.unmanaged.has(id) && node.stores.has(attachment?.card ?? 0),
  ).length;
  const limit = Math.min(node.type?.enisPerCard ?? 0, node.cni?.maxEni ?? Infinity) - skipped;
  const gauge = (name: string, help: string, value: number): void => {
    family(name, 'gauge', help, [['', node.metricOverrides.get(name) ?? value]]);
  };
  family('awscni_build_info', 'gauge', "A metric with a constant '1' value labeled by version and goversion", [
    [`{goversion="go1.25.0",version="${node.cni?.version ?? ''}"}`, 1],
  ]);
  gauge('awscni_eni_max', 'The maximum number of ENIs that can be attached to the instance', limit);
  gauge(
    'awscni_ip_max',
    'The maximum number of IP addresses that can be allocated to the instance',
    last?.mode === 'ipv6' ? 0 : slotsOf(node) * (prefix ? 16 : 1) * limit,
  );
  gauge('awscni_eni_allocated', 'The number of ENIs allocated', last?.stocks.length ?? 0);
  gauge(
    'awscni_total_ip_addresses',
    'The total number of IP addresses',
    last?.mode === 'ipv6' ? 281474976710656 : (last?.total ?? 0),
  );
  gauge('awscni_assigned_ip_addresses', 'The number of IP addresses assigned to pods', last?.assigned ?? 0);
  if (last?.mode !== 'ipv6')
    gauge('awscni_total_ipv4_prefixes', 'The total number of IPv4 prefixes', last?.prefixCount ?? 0);
  family(
    'awscni_assigned_ip_per_eni',
    'gauge',
    'The number of allocated ips partitioned by eni',
    stores.flatMap((store) =>
      store.stocks.map((stock) => [`{eni="${stock.eniId}"}`, store.assignedOn(stock)] as const),
    ),
  );
  family(
    'awscni_assigned_ip_per_cidr',
    'gauge',
    'The total number of IP addresses assigned per cidr',
    stores.flatMap((store) =>
      store.stocks.flatMap((stock) => [
        ...stock.slots.map((slot) => [`{cidr="${slot.ip}/32"}`, slot.holder === null ? 0 : 1] as const),
        ...stock.prefixes.map((item) => [`{cidr="${item.cidr}"}`, item.held.size] as const),
      ]),
    ),
  );
  family(
    'awscni_no_available_ip_addresses',
    'counter',
    'The number of pod IP assignments that fail due to no available IP addresses',
    [['', node.metrics.noAvailable]],
  );
  family('awscni_add_ip_req_count', 'counter', 'The number of add IP address requests', [['', node.metrics.adds]]);
  family('awscni_del_ip_req_count', 'counter', 'The number of delete IP address requests', [
    ['{reason="PodDeleted"}', node.metrics.deletes],
  ]);
  family('awscni_ipamd_action_inprogress', 'gauge', 'The number of ipamd actions in progress', [
    ['{fn="nodeIPPoolReconcile"}', 0],
  ]);
  if (node.metrics.apiErrors.size > 0) {
    family(
      'awscni_aws_api_error_count',
      'counter',
      'The number of times AWS API returns an error',
      [...node.metrics.apiErrors].map(([key, count]) => {
        const [api = '', error = ''] = key.split('/');
        return [`{api="${api}",error="${error}"}`, count] as const;
      }),
    );
  }
  family('awscni_aws_api_latency_ms', 'summary', 'AWS API call latency in ms', []);
  lines.push(
    'awscni_aws_api_latency_ms_sum{api="AssignPrivateIpAddresses",error="false",status="200"} 2938',
    'awscni_aws_api_latency_ms_count{api="AssignPrivateIpAddresses",error="false",status="200"} 10',
  );
  return `${lines.join('\n')}\n`;
}
