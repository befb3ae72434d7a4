import { interfaceName } from '../../lib/view/labels';
import { useRecord } from '../../lib/client/hooks';
import { interfaceFacts } from '../../lib/view/record-facts';
import { labelOf } from '../../lib/view/record-label';
import { shortId } from '../../lib/view/selection';
import { attachmentId, idParts } from '../../lib/model/ids';
import type { InterfaceRecord } from '../../lib/model/records';
import { claimWords } from '../../lib/view/claim-words';
import { ipamWords, pluginWords } from '../../lib/view/network-words';
import { Fact, Facts, Known, MonoFact, NamedFacts, RecordLink, Section, type KnownLine, Unknown } from './parts';
import { SubnetWords } from './SubnetWords';

/** The selected interface of a pod. */
export function InterfaceFacts({ record }: { readonly record: InterfaceRecord }) {
  const network = useRecord('networks', record.network);
  const eni = useRecord('enis', record.eni);
  const name = interfaceName(record);
  const where =
    record.eni !== null
      ? ` on ${shortId(record.eni)}`
      : record.hostNic !== null
        ? ` on ${labelOf(record.hostNic)}`
        : '';
  const isCluster = record.network === 'cluster';
  return (
    <Section title={`${name}${where}`}>
      <Facts>
        <Fact name="Network">
          <RecordLink id={record.network} />
        </Fact>
        {network !== null && !isCluster && <Fact name="Plugins">{pluginWords(network)}</Fact>}
        <MonoFact name="Address">{record.ips.length === 0 ? <Unknown>none</Unknown> : record.ips.join(', ')}</MonoFact>
        <MonoFact name="MAC">{record.mac}</MonoFact>
        {network !== null && !isCluster && <Fact name="IPAM">{ipamWords(network)}</Fact>}
        <Fact name="ENI">
          {record.eni !== null ? (
            <>
              <RecordLink id={record.eni}>{record.eni}</RecordLink>
              {eni?.deviceIndex != null && <span className="text-text2"> dev {eni.deviceIndex}</span>}
            </>
          ) : (
            <Unknown>{record.link.rule === 'none' ? 'no known ENI' : 'not known'}</Unknown>
          )}
        </Fact>
        {record.card !== null && <Fact name="Card">{`card ${record.card}`}</Fact>}
        {eni !== null && (
          <Fact name="Subnet">
            <SubnetWords id={eni.subnet} />
          </Fact>
        )}
        {record.hostNic !== null && (
          <Fact name="Host NIC">
            <RecordLink id={record.hostNic} />
          </Fact>
        )}
        {record.claim !== null && (
          <Fact name="Claim">
            {`${record.claim.name} · ${record.claim.driver} device ${record.claim.device}${claimWords(record)}`}
          </Fact>
        )}
        {record.device !== null && (
          <Fact name="Device">{`${record.device.type}${record.device.pciAddress === null ? '' : ` ${record.device.pciAddress}`}`}</Fact>
        )}
        <NamedFacts facts={interfaceFacts(record)} />
        {record.mtu !== null && <Fact name="MTU">{record.mtu}</Fact>}
        {record.gateways.length > 0 && <MonoFact name="Gateway">{record.gateways.join(', ')}</MonoFact>}
        {record.default && <Fact name="Route">holds the pod’s default route</Fact>}
      </Facts>
    </Section>
  );
}

/** The evidence, starting with the interface's name. */
function evidenceWords({ name, link }: InterfaceRecord): string {
  const whose = name ?? 'no name';
  if (link.evidence === '') return `${whose}: link not known`;
  return link.evidence.startsWith(whose) ? link.evidence : `${whose}: ${link.evidence}`;
}

interface KnownProps {
  readonly interfaces: readonly InterfaceRecord[];
  readonly current: string | null;
}

/** The evidence for every link of the pod, the selected interface's first. */
export function InterfaceKnown({ interfaces, current }: KnownProps) {
  const chosen = interfaces.find(({ id }) => id === current);
  const [namespace, name] = chosen === undefined ? [] : idParts(chosen.network);
  const node = chosen?.node == null ? null : (idParts(chosen.node)[0] ?? null);
  const attachment = useRecord(
    'attachments',
    node === null || namespace === undefined || name === undefined ? null : attachmentId(node, namespace, name),
  );
  const lines: KnownLine[] = [];
  const add = (record: InterfaceRecord): number =>
    lines.push({
      certainty: record.link.certainty,
      text: evidenceWords(record),
      candidates: record.link.candidates,
    });
  if (chosen !== undefined) add(chosen);
  if (attachment !== null && attachment.evidence !== '' && attachment.evidence !== chosen?.link.evidence)
    lines.push({
      certainty: attachment.certainty,
      text: attachment.evidence,
      candidates: attachment.candidates.filter((id) => id !== attachment.eni && id !== attachment.hostNic),
    });
  for (const record of interfaces) if (record !== chosen) add(record);
  return (
    <Section title="How we know">
      <Known lines={lines} />
    </Section>
  );
}
