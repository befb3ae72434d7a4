import { useCallback, useMemo, type ReactNode } from 'react';
import { useIsDocument } from '../../lib/client/hooks-document';
import { useDerived, useNodeName, useRecord, useSelect, useServerNow } from '../../lib/client/hooks';
import { ageOf } from '../../lib/view/age';
import { deviceWords, podClaimWords } from '../../lib/view/claim-words';
import { backing, reportedWords, type Verdict } from '../../lib/view/sentences';
import { podFacts } from '../../lib/view/record-facts';
import { labelOf } from '../../lib/view/record-label';
import type { ClientState } from '../../lib/client/client-state';
import { idParts } from '../../lib/model/ids';
import { byNaturalName } from '../../lib/model/order';
import type { FindingRecord, InterfaceRecord, PodRecord, RequestedNetwork, Table } from '../../lib/model/records';
import { recordsOf } from '../../lib/view/view-source';
import { selectingPolicies } from '../../lib/view/policy-words';
import { interfaceName } from '../../lib/view/labels';
import { NetworkSwatch } from '../ui/Swatch';
import { Questions, WhyNoAddress } from './Explanation';
import { FindingsSection, useFindings } from './FindingsSection';
import { InterfaceFacts, InterfaceKnown } from './InterfaceFacts';
import { PanelHead } from './PanelHead';
import { PodWiring } from './PodWiring';
import { Fact, Facts, MonoFact, NamedFacts, Problems, RecordLink, Section, Since, Tags, Unknown } from './parts';

const TABLES: readonly Table[] = ['interfaces', 'pods'];

interface Props {
  readonly id: string | null;
  /** The selected interface of the pod. */
  readonly chosen: string | null;
  readonly gone: ReactNode;
}

/** A pod with its interfaces; `chosen`: the selected interface. */
export function PodPanel({ id, chosen, gone }: Props) {
  const record = useRecord('interfaces', chosen);
  const pod = useRecord('pods', id ?? record?.pod ?? null);
  if (pod === null) return gone;
  return <PodBody pod={pod} chosen={chosen} />;
}

/** The cluster network's interface first, then in the order of the annotation, then by name. */
function inOrder(a: InterfaceRecord, b: InterfaceRecord): number {
  const place = (record: InterfaceRecord): number =>
    record.network === 'cluster' ? -1 : (record.requestIndex ?? Number.MAX_SAFE_INTEGER);
  return place(a) - place(b) || byNaturalName(a.id, b.id);
}

const lacksAddress = ({ ips, hostNetwork, phase, deleting }: PodRecord): boolean =>
  ips.length === 0 && !hostNetwork && !deleting && phase !== 'Succeeded' && phase !== 'Failed';

/** The facts that decide why the pod has no address, as far as the page has them. */
const seenOf = ({ phase, node }: PodRecord, findings: readonly FindingRecord[]): string =>
  [phase, node ?? '', ...findings.map(({ id, detail }) => `${id} ${detail}`)].join('\n');

function PodBody({ pod, chosen }: { readonly pod: PodRecord; readonly chosen: string | null }) {
  const read = useCallback(
    ({ replica }: ClientState) =>
      recordsOf(replica.indexes.interfacesByPod, pod.id, replica.records.interfaces).sort(inOrder),
    [pod.id],
  );
  const interfaces = useDerived(TABLES, read);
  const subjects = useMemo(() => [pod.id, ...interfaces.map(({ id }) => id)], [pod.id, interfaces]);
  const findings = useFindings(subjects);
  const isDocument = useIsDocument();
  const current =
    interfaces.find(({ id }) => id === chosen) ??
    interfaces.find(({ network }) => network !== 'cluster') ??
    interfaces[0];
  return (
    <>
      <PanelHead kind={`Pod · namespace ${pod.namespace}`} title={pod.name}>
        <PodLine pod={pod} interfaces={interfaces.length} />
      </PanelHead>
      {lacksAddress(pod) && <WhyNoAddress id={pod.id} seen={seenOf(pod, findings)} />}
      {pod.hostNetwork ? (
        <p className="mt-3 text-12 text-text2">
          It runs on the host network: it shares the node’s primary address and has no interfaces of its own.
        </p>
      ) : (
        <>
          <PodWiring pod={pod.id} chosen={current?.id ?? null} />
          <InterfaceTable pod={pod} interfaces={interfaces} current={current?.id ?? null} />
        </>
      )}
      {(isDocument ? interfaces : current === undefined ? [] : [current]).map((record) => (
        <InterfaceFacts key={record.id} record={record} />
      ))}
      {interfaces.length > 0 && <InterfaceKnown interfaces={interfaces} current={current?.id ?? null} />}
      {interfaces.length > 0 && (
        <Section title="Effective security groups">
          <Facts>
            {interfaces.map((record) => (
              <Fact key={record.id} name={interfaceName(record)}>
                <Groups record={record} />
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
      <FindingsSection subjects={subjects} />
      <Questions kind="pod" id={pod.id} without="address" />
      <Section title="Pod">
        <Facts>
          <Fact name="Node">
            {pod.node === null ? 'not scheduled' : <RecordLink id={pod.node}>{idParts(pod.node)[0]}</RecordLink>}
          </Fact>
          <Fact name="Phase">{pod.deleting ? `${pod.phase}, being deleted` : pod.phase}</Fact>
          <NamedFacts facts={podFacts(pod)} />
          <MonoFact name="Addresses">
            {pod.ips.length === 0 ? <Unknown>none yet</Unknown> : pod.ips.join(', ')}
          </MonoFact>
          <Fact name="Annotation">
            {pod.networksAnnotation.state === 'invalid'
              ? `Multus cannot read it: ${pod.networksAnnotation.error ?? 'no message'}`
              : `networks: ${pod.networksAnnotation.state}, network-status: ${pod.statusAnnotation.state}`}
          </Fact>
          {pod.claims.map((claim) => (
            <Fact key={claim.name} name={`Claim ${claim.name}`}>
              {podClaimWords(claim)}
              {claim.devices.map((device) => (
                <div key={`${device.driver}/${device.pool}/${device.device}`} className="text-text2">
                  {deviceWords(device)}
                </div>
              ))}
            </Fact>
          ))}
          {pod.nicConfig !== null && <Fact name="nicConfig">{pod.nicConfig}</Fact>}
          {pod.policies.length > 0 && <Fact name="Policies">{pod.policies.join(', ')}</Fact>}
          {selectingPolicies(pod).map(({ kind, words }) => (
            <Fact key={kind} name={kind}>
              {words.join('; ')}
            </Fact>
          ))}
          {Object.keys(pod.resources).length > 0 && (
            <Fact name="Devices">
              {Object.entries(pod.resources)
                .map(([name, count]) => `${name} × ${count}`)
                .join(', ')}
            </Fact>
          )}
          <Fact name="Created">
            <Since at={pod.createdAt} />
          </Fact>
        </Facts>
      </Section>
      {pod.labels !== null && <Tags title="Labels" tags={pod.labels} />}
      <Problems problems={pod.problems} />
    </>
  );
}

function PodLine({ pod, interfaces }: { readonly pod: PodRecord; readonly interfaces: number }) {
  const now = useServerNow();
  const nodeName = useNodeName();
  const isDocument = useIsDocument();
  const age = ageOf(pod.startedAt, now);
  const owner = pod.owner === null ? null : `${pod.owner.kind} ${pod.owner.name}`;
  return (
    <>
      {owner !== null && `${owner} · `}
      {pod.node === null ? (
        'not scheduled'
      ) : (
        <RecordLink id={pod.node}>{`node ${isDocument ? labelOf(pod.node) : nodeName(pod.node)}`}</RecordLink>
      )}
      {` · ${pod.phase}${age === null ? '' : `\u00a0${age.replace(' ', '\u00a0')}`} · ${interfaces} ${interfaces === 1 ? 'interface' : 'interfaces'}`}
    </>
  );
}

interface TableProps {
  readonly pod: PodRecord;
  readonly interfaces: readonly InterfaceRecord[];
  readonly current: string | null;
}

function requestedWords(record: InterfaceRecord, requested: readonly RequestedNetwork[]): string {
  if (record.state === 'unrequested') return 'not requested';
  const request = requested.find(({ index }) => index === record.requestIndex);
  if (request !== undefined) return labelOf(request.network).split('/').at(-1) ?? request.network;
  return record.network === 'cluster' ? 'by default' : 'not requested';
}

/** Requested, reported and confirmed by EC2 are three facts, so they are three columns. */
function InterfaceTable({ pod, interfaces, current }: TableProps) {
  const { replaceTop } = useSelect();
  if (interfaces.length === 0)
    return (
      <p className="mt-3 text-12 text-text2">
        {pod.phase === 'Succeeded' || pod.phase === 'Failed'
          ? 'A finished pod has no interfaces.'
          : 'No known interfaces: the pod is not scheduled, or its status reports none.'}
      </p>
    );
  return (
    <table className="mt-3 w-full border-collapse text-12">
      <thead>
        <tr className="border-b border-line text-left text-text2">
          <th className="py-1.5 pr-2 font-normal">Interface</th>
          <th className="py-1.5 pr-2 font-normal">Requested</th>
          <th className="py-1.5 pr-2 font-normal">Reported</th>
          <th className="py-1.5 font-normal">Backed by EC2</th>
        </tr>
      </thead>
      <tbody>
        {interfaces.map((record) => (
          <tr key={record.id} className="border-b border-line align-baseline">
            <th scope="row" className="min-w-17 py-1 pr-2 text-left font-normal">
              <button
                type="button"
                aria-pressed={record.id === current}
                onClick={() => replaceTop(record.id)}
                className={`flex items-center gap-1.5 rounded-sm ${record.id === current ? 'font-bold' : 'hover:underline'}`}
              >
                <NetworkSwatch network={record.network} />
                <span className="wrap-anywhere">{interfaceName(record)}</span>
              </button>
            </th>
            <td className="py-1 pr-2 break-words text-text2">{requestedWords(record, pod.requested)}</td>
            <td
              className={`py-1 pr-2 ${record.ips.some((ip) => ip.includes(':')) ? 'wrap-anywhere' : 'break-words'} ${record.state === 'requested' ? 'font-semibold text-err' : 'text-text2'}`}
            >
              {reportedWords(record)}
            </td>
            <td className="py-1 text-text2">
              <Backed record={record} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SIGN: Readonly<Record<Exclude<Verdict, 'not-applicable'>, string>> = { yes: '✓', no: '✕', unknown: '?' };
const SPOKEN: Readonly<Record<Exclude<Verdict, 'not-applicable'>, string>> = {
  yes: 'confirmed',
  no: 'not confirmed',
  unknown: 'not known',
};

function Confirmed({ what, verdict }: { readonly what: string; readonly verdict: Verdict }) {
  if (verdict === 'not-applicable') return null;
  return (
    <span className={`mr-1.5 inline-block whitespace-nowrap ${verdict === 'no' ? 'font-semibold text-warn' : ''}`}>
      {what} <span aria-hidden>{SIGN[verdict]}</span>
      <span className="sr-only">{SPOKEN[verdict]}</span>
    </span>
  );
}

function Backed({ record }: { readonly record: InterfaceRecord }) {
  const eni = useRecord('enis', record.eni);
  if (record.state === 'requested') return <Unknown>nothing to back</Unknown>;
  const { address, mac } = backing(record, eni?.mac ?? null);
  if (address === 'not-applicable' && mac === 'not-applicable') return <>stays on the node</>;
  return (
    <>
      <Confirmed what="address" verdict={address} />
      <Confirmed what="MAC" verdict={mac} />
    </>
  );
}

function Groups({ record }: { readonly record: InterfaceRecord }) {
  const eni = useRecord('enis', record.eni);
  if (record.state === 'requested') return <Unknown>none: the interface does not exist</Unknown>;
  if (eni === null)
    return record.addresses.length > 0 && record.addresses.every(({ backed }) => backed === 'not-applicable') ? (
      'none: its traffic stays on the node'
    ) : (
      <Unknown>not known: no ENI</Unknown>
    );
  const from = eni.role === 'branch' ? 'branch ENI' : `ENI dev ${eni.deviceIndex ?? '?'}`;
  return (
    <>
      <span className="wrap-anywhere">{eni.securityGroups.length === 0 ? 'none' : eni.securityGroups.join(', ')}</span>
      <span className="text-text2"> from {from}</span>
    </>
  );
}
