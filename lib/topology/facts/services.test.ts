import { expect, it } from 'vitest';
import { otherEni } from '../../../e2e/testing/findings';
import { serviceOf } from './services';

it.each([
  ['nat_gateway', 'Interface for NAT Gateway nat-0a', null, 'a NAT gateway'],
  ['natGateway', '', null, 'a NAT gateway'],
  ['interface', 'ELB app/k8s-shop-web/0a1b', 'amazon-elb', 'an Application Load Balancer'],
  ['network_load_balancer', 'ELB net/k8s-shop-web/0a1b', 'amazon-elb', 'a Network Load Balancer'],
  ['interface', 'ELB a1b2c3', 'amazon-elb', 'a Classic Load Balancer'],
  ['interface', 'RDSNetworkInterface', 'amazon-rds', 'a database (RDS, Aurora, DocumentDB or Neptune)'],
  ['lambda', 'AWS Lambda VPC ENI-report-0a1b', null, 'Lambda'],
  ['vpc_endpoint', 'VPC Endpoint Interface vpce-0a', null, 'a VPC endpoint'],
  ['interface', 'EFS mount target for fs-0a (fsmt-0a)', null, 'an EFS mount target'],
  ['interface', 'Amazon EKS prod', null, 'the EKS control plane'],
  ['interface', 'arn:aws:ecs:eu-west-1:111122223333:attachment/0a', null, 'an ECS task'],
  ['interface', '', 'amazon-redshift', 'the service amazon-redshift'],
  ['interface', 'Elastic search of ours', null, null],
])('%s “%s” by %s belongs to %s', (interfaceType, description, requester, service) => {
  expect(serviceOf(otherEni('eni-0a', { interfaceType, description, requester }))).toBe(service);
});
