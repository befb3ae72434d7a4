/** Identifies the AWS service that owns an ENI from the fields that EC2 reports. */
import type { OtherEni } from '../../model/records';

/** Values of EC2's InterfaceType that name a service; the API and its documentation spell some of them differently. */
const BY_TYPE: Readonly<Record<string, string>> = {
  nat_gateway: 'a NAT gateway',
  natGateway: 'a NAT gateway',
  vpc_endpoint: 'a VPC endpoint',
  gateway_load_balancer_endpoint: 'a Gateway Load Balancer endpoint',
  load_balancer: 'a load balancer',
  network_load_balancer: 'a Network Load Balancer',
  gateway_load_balancer: 'a Gateway Load Balancer',
  lambda: 'Lambda',
  efs: 'an EFS mount target',
  transit_gateway: 'a transit gateway',
  ec2_instance_connect_endpoint: 'an EC2 Instance Connect Endpoint',
  api_gateway_managed: 'API Gateway',
  global_accelerator_managed: 'Global Accelerator',
  quicksight: 'QuickSight',
  iot_rules_managed: 'IoT rules',
  aws_codestar_connections_managed: 'CodeStar Connections',
  evs: 'Elastic VMware Service',
};

/** Descriptions written by services; most of these ENIs have the type `interface`. */
const BY_DESCRIPTION: readonly (readonly [RegExp, string])[] = [
  [/^ELB app\//, 'an Application Load Balancer'],
  [/^ELB net\//, 'a Network Load Balancer'],
  [/^ELB gwy\//, 'a Gateway Load Balancer'],
  [/^ELB /, 'a Classic Load Balancer'],
  [/^Interface for NAT Gateway/i, 'a NAT gateway'],
  [/^VPC Endpoint Interface/i, 'a VPC endpoint'],
  [/^Amazon EKS /, 'the EKS control plane'],
  [/^RDSNetworkInterface/, 'a database (RDS, Aurora, DocumentDB or Neptune)'],
  [/^ElastiCache/, 'ElastiCache'],
  [/^RedshiftNetworkInterface/, 'Redshift'],
  [/^DMSNetworkInterface/, 'Database Migration Service'],
  [/^ES /, 'OpenSearch Service'],
  [/^EFS mount target/i, 'an EFS mount target'],
  [/^AWS Lambda VPC ENI/i, 'Lambda'],
  [/^arn:aws[a-z-]*:ecs:/, 'an ECS task'],
  [/^Network Interface for Transit Gateway/i, 'a transit gateway'],
  [/^AWS created network interface for directory/i, 'Directory Service'],
  [/^Route 53 Resolver/i, 'Route 53 Resolver'],
  [/^ClientVPN/i, 'a Client VPN endpoint'],
];

/** The EC2 fields that identify the service. */
type ServiceFields = Pick<OtherEni, 'interfaceType' | 'description' | 'requester'>;

/** The service that owns the ENI, for example `a NAT gateway`; null if EC2 does not identify it. */
export function serviceOf({ interfaceType, description, requester }: ServiceFields): string | null {
  const known = BY_TYPE[interfaceType] ?? BY_DESCRIPTION.find(([pattern]) => pattern.test(description))?.[1];
  return known ?? (requester === null ? null : `the service ${requester}`);
}
