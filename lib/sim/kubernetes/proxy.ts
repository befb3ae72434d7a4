/** `pods/proxy` to aws-node's metrics port; nothing else listens in this cluster. */
import type { ServerResponse } from 'node:http';
import type { Faults } from '../faults/faults';
import type { ClusterState } from '../model/state';
import { renderMetrics } from './metrics';
import type { ProxyRoute } from './routes';
import { forbidden, notFound, sendStatus, status } from './status';

const METRICS_PORT = '61678';

/** Serves a request through `pods/proxy`: the metrics and introspection of aws-node. */
export function proxyToPod(response: ServerResponse, state: ClusterState, faults: Faults, route: ProxyRoute): void {
  const { awsNode } = faults.state;
  if (faults.isDenied('pods/proxy') || awsNode === 'denied') {
    sendStatus(response, forbidden('get', 'pods/proxy', '', route.namespace, route.pod));
    return;
  }
  const pod = state.pods.get(`${route.namespace}/${route.pod}`);
  if (pod === undefined) {
    sendStatus(response, notFound('pods', '', route.pod));
    return;
  }
  if (awsNode === 'hang') return;
  if (awsNode === 'bad-gateway') {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>502 Bad Gateway</body></html>');
    return;
  }
  if (awsNode === 'garbage') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('awscni_eni_max NaN\n{{{ \u0000 awscni');
    return;
  }
  const node = pod.node === null ? undefined : state.nodes.get(pod.node);
  const listens = pod.app === 'aws-node' && route.port === METRICS_PORT && route.path === 'metrics';
  if (node === undefined || !listens || awsNode === 'absent') {
    const address = `${pod.ips[0] ?? ''}:${route.port}`;
    const message = `error trying to reach service: dial tcp ${address}: connect: connection refused`;
    sendStatus(response, status(503, 'ServiceUnavailable', message));
    return;
  }
  response
    .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    .end(renderMetrics(state, node));
}
