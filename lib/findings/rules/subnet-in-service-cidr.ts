/**
 * Pods get addresses from a subnet that overlaps with the Service CIDR (vpc-cni §7): the nodes translate traffic to a Service's address,
 * and a pod may have the same address. EKS rejects such a range when the cluster is created, but a CIDR block that is added to the VPC
 * later may overlap, and so may a cluster outside EKS. Silent unless both ranges are known.
 */
import { CLUSTER_NETWORK } from '../../model/ids';
import { cidrOverlaps, parseCidr } from '../../model/ip';
import { ENIS, NODES, SERVICE_CIDRS, SUBNETS } from '../../model/source-ids';
import { counted, listed } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'subnet-in-service-cidr',
  severity: 'warning',
  scope: 'subnets',
  needs: [NODES, SERVICE_CIDRS, SUBNETS],
  uses: [ENIS],
  check({ id, cidr, ipv6Cidr }, context) {
    const services = context.read.one('networks', CLUSTER_NETWORK)?.serviceCidrs ?? [];
    const clashes = [cidr, ipv6Cidr].flatMap((text) => {
      const range = text === null ? null : parseCidr(text);
      if (range === null) return [];
      return services
        .filter((service) => cidrOverlaps(range, service))
        .map((service) => ({ range: range.text, service }));
    });
    const [first] = clashes;
    if (first === undefined) return null;
    const configured = context.read.all('nodesByEniConfigSubnet', id);
    const enis = context.read
      .all('enisBySubnet', id)
      .filter(({ node, management }) => node !== null && management.state === 'managed');
    if (configured.length === 0 && enis.length === 0) return null;
    const nodes = [
      ...new Set([...configured.map((node) => node.id), ...enis.flatMap(({ node }) => node ?? [])]),
    ].sort();
    return {
      subjects: [id, ...nodes.slice(0, 10)],
      title: 'Overlaps with the Service CIDR',
      detail: `${id} (${first.range}) overlaps with the Service CIDR ${first.service}: a Service may get the address of a pod or a node. Traffic to that address then goes to the Service, or the Service is unreachable.`,
      evidence: [
        ...clashes.map(({ range, service }) => `Kubernetes: Service CIDR ${service}; EC2: ${range} of ${id}`),
        configured.length === 0
          ? `EC2: ${counted(enis.length, 'ENI')} of nodes in ${id} (${listed(
              enis.map((eni) => eni.id),
              3,
            )})`
          : `Kubernetes: the ENIConfig of ${counted(configured.length, 'node')} names ${id}`,
      ],
      advice:
        'Use subnets outside the Service CIDR for pods and nodes. The Service CIDR of an EKS cluster cannot be changed. Kubernetes 1.33 and later accept further ones (ServiceCIDR objects), but the first one stays in use.',
      command: 'kubectl get servicecidrs',
    };
  },
});
