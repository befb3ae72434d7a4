import { useRecord } from '../../lib/client/hooks';
import { RecordLink, Unknown } from './parts';

/** `subnet-n6-a · 10.6.0.0/24 · 163 free`, with the subnet's Name tag if it has one. */
export function SubnetWords({ id }: { readonly id: string | null }) {
  const subnet = useRecord('subnets', id);
  if (id === null) return <Unknown />;
  if (subnet === null) return <span className="wrap-anywhere">{id}</span>;
  const range = subnet.cidr ?? subnet.ipv6Cidr;
  return (
    <>
      <RecordLink id={id}>{subnet.tags.Name ?? id}</RecordLink>
      <span className="text-text2">
        {range !== null && ` · ${range}`}
        {subnet.availableAddresses !== null && ` · ${subnet.availableAddresses.toLocaleString('en')} free`}
      </span>
    </>
  );
}
