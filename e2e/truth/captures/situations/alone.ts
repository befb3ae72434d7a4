/** One answer of a cluster, as it is posted without the others: what was not asked for is neither zero nor absent. */
import { Cluster } from '../kit/cluster';
import { is, NO_ADDRESS, none, nodeWarning, refused, type Situation } from './situation';

/** Not "0 of 29 pods": nobody listed the pods. */
function nodesAlone(): Situation {
  const cluster = new Cluster({ withoutEc2: true, only: ['kubernetes/nodes.json'] });
  cluster.node('n1', cluster.subnet('10.40.0.0/20'), { metrics: false });
  return {
    source: 'posted: kubectl get nodes -o json',
    cluster,
    checks: [
      is('nodes[name=n1].podCount', null),
      is('nodes[name=n1].headroom.pods', null),
      none('findings[rule=pod-identity-agent-missing]'),
      none('findings[rule=cni-settings-refused]'),
    ],
  };
}

/** Not "0 pods": nobody listed the pods. */
function networksAlone(): Situation {
  const cluster = new Cluster({ daemon: false, withoutEc2: true, only: ['kubernetes/rest.json'] });
  cluster.nad('core/fast', { cniVersion: '0.3.1', type: 'macvlan', master: 'ens6', ipam: { type: 'dhcp' } });
  return {
    source: 'posted: kubectl get net-attach-def -A -o json',
    cluster,
    checks: [is('networks[name=fast].podCount', null), none('findings[rule=network-unused]')],
    sayings: [{ command: 'lookup', words: 'core/fast', says: /pods not known/, silentOn: /0 pods/ }],
  };
}

/** `kubectl get events -n shop -o yaml`: no pod is known, and what its Events say is all there is. */
function eventsOfAPod(): Situation {
  const cluster = new Cluster({ withoutEc2: true, only: ['kubernetes/event-0.json'] });
  refused(cluster, 'shop/late', NO_ADDRESS);
  const says = /failed to assign an IP address to container/;
  return {
    source: 'aws/amazon-vpc-cni-k8s#2736, #3066 (only the Events are posted)',
    cluster,
    checks: [none('pods[name=late]')],
    sayings: [
      { command: 'lookup', words: 'shop/late', says, silentOn: /no pod, node/ },
      { command: 'explain', words: 'pod shop/late address', says },
      { command: 'explain', words: 'why does late have no IP', says },
      { command: 'explain', words: 'pod shop/other address', says: /not certain: kubernetes\/pods is absent/ },
    ],
  };
}

function eventsOfANode(): Situation {
  const cluster = new Cluster({ withoutEc2: true, only: ['kubernetes/event-0.json'] });
  nodeWarning(cluster, 'n1', 'NodeTrunkFailedInit', 'subnet-01 has no free addresses', 'vpc-resource-controller');
  const says = /subnet-01 has no free addresses/;
  return {
    source: 'aws/amazon-vpc-cni-k8s (Events of the VPC resource controller about nodes)',
    cluster,
    checks: [none('nodes[name=n1]')],
    sayings: [
      { command: 'lookup', words: 'n1', says },
      { command: 'explain', words: 'node n1', says },
    ],
  };
}

export const alone: Readonly<Record<string, () => Situation>> = {
  'only nodes': nodesAlone,
  'only networks, as JSON': networksAlone,
  'only Events of a pod': eventsOfAPod,
  'only Events of a node': eventsOfANode,
};
