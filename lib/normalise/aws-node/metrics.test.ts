import { expect, it } from 'vitest';
import { normaliseMetrics } from './metrics';

const READ_AT = '2026-09-01T12:00:00Z';

// vpc-cni §4.3
it('keeps the metrics of a node that the topology needs', () => {
  const text = `# HELP awscni_build_info A metric with a constant '1' value
# TYPE awscni_build_info gauge
awscni_build_info{goversion="go1.25.0",version="v1.23.1"} 1
awscni_eni_max 3
awscni_ip_max 27
awscni_total_ip_addresses -4
awscni_assigned_ip_per_eni{eni="eni-1"} 5
awscni_assigned_ip_per_eni{eni="eni-2"} 0
awscni_assigned_ip_per_cidr{cidr="10.0.12.41/32"} 1
awscni_assigned_ip_per_cidr{cidr="fd00:0::/80"} -1
awscni_no_available_ip_addresses 2
awscni_ipamd_action_inprogress{fn="nodeIPPoolReconcile"} 0
awscni_aws_api_error_count{api="AssignPrivateIpAddresses",error="InsufficientCidrBlocks"} 2
awscni_aws_api_latency_ms{api="x",error="false",status="200",quantile="0.99"} NaN
awscni_aws_api_latency_ms_sum{api="x",error="false",status="200"} 2938
go_goroutines 97
process_start_time_seconds 1.78e+09
`;
  expect(normaliseMetrics(text, 'node-a', READ_AT)).toEqual({
    node: 'node-a',
    readAt: READ_AT,
    version: 'v1.23.1',
    values: {
      awscni_eni_max: 3,
      awscni_ip_max: 27,
      awscni_total_ip_addresses: -4,
      awscni_no_available_ip_addresses: 2,
    },
    assignedPerEni: { 'eni-1': 5, 'eni-2': 0 },
    assignedPerCidr: { '10.0.12.41/32': 1, 'fd00::/80': -1 },
    apiErrors: { 'AssignPrivateIpAddresses/InsufficientCidrBlocks': 2 },
  });
});

it.each(['', '<html>502 Bad Gateway</html>', 'go_goroutines 97\n', '# awscni_eni_max 3\n'])('rejects %j', (text) => {
  expect(normaliseMetrics(text, 'node-a', READ_AT)).toBeNull();
});

it('omits a series without a number', () => {
  expect(normaliseMetrics('awscni_eni_max NaN\nawscni_ip_max +Inf\n', 'n', READ_AT)?.values).toEqual({});
});

it('sums the error counters of ipamd over their functions', () => {
  const text = `awscni_ipamd_error_count{fn="increaseIPPoolAllocENI"} 2
awscni_ipamd_error_count{fn="nodeInit"} 3
awscni_pod_eni_error_count{fn="nodeInit"} 1
awscni_reconcile_count{fn="eniReconcileAdd"} 7
awscni_del_ip_req_count{reason="PodDeleted"} 24
`;
  expect(normaliseMetrics(text, 'n', READ_AT)?.values).toEqual({
    awscni_ipamd_error_count: 5,
    awscni_pod_eni_error_count: 1,
  });
});
