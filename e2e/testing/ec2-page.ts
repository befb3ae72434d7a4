/** Answers of DescribeNetworkInterfaces as EC2 writes them, indented, for tests and benchmarks of the reader. */
const PER_NODE = 4;

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
const line = (depth: number, text: string): string => `\n${'    '.repeat(depth)}${text}`;
const leaf = (depth: number, name: string, value: string): string => line(depth, `<${name}>${value}</${name}>`);
const list = (depth: number, name: string, items: readonly string[]): string =>
  line(depth, `<${name}>`) +
  items.map((item) => line(depth + 1, `<item>${item}`) + line(depth + 1, '</item>')).join('') +
  line(depth, `</${name}>`);

/** The interface with this number. `addresses`: how many it has, including the primary one. */
function item(number: number, addresses: number): string {
  const instance = `i-${hex(Math.floor(number / PER_NODE), 17)}`;
  const ip = (at: number): string =>
    `10.${64 + ((number >> 9) & 63)}.${(number >> 1) & 255}.${((number & 1) * 120 + at) & 255}`;
  const dns = (at: number): string => `ip-${ip(at).replaceAll('.', '-')}.eu-west-1.compute.internal`;
  const leaves: readonly (readonly [name: string, value: string])[] = [
    ['networkInterfaceId', `eni-${hex(number, 17)}`],
    ['subnetId', 'subnet-0aa1bb2cc3dd4ee5f'],
    ['vpcId', 'vpc-0123456789abcdef0'],
    ['availabilityZone', 'eu-west-1a'],
    ['availabilityZoneId', 'euw1-az1'],
    ['description', `aws-K8S-${instance}`],
    ['ownerId', '111122223333'],
    ['requesterId', `AROAEXAMPLE:${instance}`],
    ['requesterManaged', 'false'],
    ['status', 'in-use'],
    ['macAddress', `06:${hex((number >> 16) & 255, 2)}:${hex((number >> 8) & 255, 2)}:${hex(number & 255, 2)}:00:01`],
    ['privateIpAddress', ip(0)],
    ['privateDnsName', dns(0)],
    ['sourceDestCheck', 'true'],
    ['interfaceType', 'interface'],
  ];
  const attachment: readonly (readonly [name: string, value: string])[] = [
    ['attachmentId', `eni-attach-${hex(number, 17)}`],
    ['instanceId', instance],
    ['instanceOwnerId', '111122223333'],
    ['deviceIndex', String(number % PER_NODE)],
    ['networkCardIndex', '0'],
    ['status', 'attached'],
    ['attachTime', '2026-11-28T10:00:00.000Z'],
    ['deleteOnTermination', 'true'],
  ];
  const tags: readonly (readonly [key: string, value: string])[] = [
    ['cluster.k8s.amazonaws.com/name', 'prod'],
    ['node.k8s.amazonaws.com/createdAt', '2026-11-28T10:00:00Z'],
    ['node.k8s.amazonaws.com/instance_id', instance],
  ];
  return [
    ...leaves.map(([name, value]) => leaf(3, name, value)),
    list(3, 'groupSet', [leaf(5, 'groupId', 'sg-0123456789abcdef0') + leaf(5, 'groupName', 'eks-cluster-sg-prod')]),
    line(3, '<attachment>'),
    ...attachment.map(([name, value]) => leaf(4, name, value)),
    line(3, '</attachment>'),
    list(
      3,
      'tagSet',
      tags.map(([key, value]) => leaf(5, 'key', key) + leaf(5, 'value', value)),
    ),
    list(
      3,
      'privateIpAddressesSet',
      Array.from(
        { length: addresses },
        (_, at) =>
          leaf(5, 'privateIpAddress', ip(at)) +
          leaf(5, 'privateDnsName', dns(at)) +
          leaf(5, 'primary', String(at === 0)),
      ),
    ),
    line(3, '<ipv6AddressesSet/>'),
  ].join('');
}

/** A page of interfaces starting at number `from`; about 10 KB each with 30 addresses. */
export const interfacePage = (from: number, count: number, addresses: number): Buffer =>
  Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
      leaf(1, 'requestId', '7a21b9b1-2b6a-4b3e-9d2f-0123456789ab') +
      list(
        1,
        'networkInterfaceSet',
        Array.from({ length: count }, (_, at) => item(from + at, addresses)),
      ) +
      '\n</DescribeNetworkInterfacesResponse>',
  );
