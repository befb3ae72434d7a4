import { useCallback, useMemo, type ReactNode } from 'react';
import { useClientState, useDerived, useRecord } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import { withoutNode } from '../../lib/view/sentences';
import { heldByEni } from '../../lib/view/subnet-map';
import { thousands } from '../../lib/model/counted';
import { subnetUse } from '../../lib/view/subnet-use';
import { byNaturalName } from '../../lib/model/order';
import { ENIS, SUBNETS } from '../../lib/model/source-ids';
import type { SubnetRecord, Table } from '../../lib/model/records';
import { layoutEni } from '../../lib/view/partial-set';
import { idsOf } from '../../lib/view/view-source';
import { Questions } from './Explanation';
import { FindingsAbout } from './FindingsSection';
import { PanelHead } from './PanelHead';
import { SubnetMap, useSubnetMap } from './SubnetMap';
import { Fact, Facts, MonoFact, More, RecordLink, Section, Since, Tags } from './parts';

const TABLES: readonly Table[] = ['enis', 'subnets'];

/** The age of one source's part of the figures. */
function ReadAt({ source, what }: { readonly source: string; readonly what: string }) {
  const asOf = useClientState(({ ages, replica }) => ages[source] ?? replica.records.sources.get(source)?.asOf ?? null);
  return (
    <>
      {`${what} `}
      <Since at={asOf} />
    </>
  );
}

/** A subnet; `gone`: shown if it does not exist. */
export function SubnetPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const subnet = useRecord('subnets', id);
  return subnet === null ? gone : <Known subnet={subnet} />;
}

function Known({ subnet }: { readonly subnet: SubnetRecord }) {
  const { id } = subnet;
  const read = useCallback(
    ({ replica }: ClientState) =>
      [...idsOf(replica.indexes.enisBySubnet, id)].flatMap((key) => layoutEni(replica, key) ?? []),
    [id],
  );
  const looks = useDerived(TABLES, read);
  const { map, share } = useSubnetMap(subnet);
  const enis = useMemo(() => {
    const held = map === null ? null : heldByEni(map);
    return looks
      .map((eni) => ({ eni, held: held === null ? null : (held.get(eni.id) ?? 0) }))
      .sort((a, b) => (b.held ?? 0) - (a.held ?? 0) || byNaturalName(a.eni.id, b.eni.id));
  }, [looks, map]);
  const use = subnetUse(subnet);
  return (
    <>
      <PanelHead
        kind={`Subnet${subnet.zone === null ? '' : ` · ${subnet.zone}`}`}
        title={subnet.tags.Name ?? subnet.id}
      >
        {subnet.tags.Name === undefined ? undefined : subnet.id}
      </PanelHead>
      <FindingsAbout id={id} />
      <Questions kind="subnet" id={id} />
      <Section title="Capacity">
        <Facts>
          <MonoFact name="Range">{[subnet.cidr, subnet.ipv6Cidr].filter((text) => text !== null).join(', ')}</MonoFact>
          <Fact name="Addresses">{use.words}</Fact>
          <Fact name="Free /28 blocks">
            {subnet.freePrefixes === null
              ? null
              : use.others === 0
                ? thousands(subnet.freePrefixes)
                : `at most ${thousands(subnet.freePrefixes)}: addresses of others in the VPC cannot be seen individually`}
          </Fact>
          <Fact name="As of">
            <ReadAt source={SUBNETS} what="free addresses" /> · <ReadAt source={ENIS} what="blocks and ENIs" />
          </Fact>
          <Fact name="Reserved">
            {subnet.reservations.length === 0
              ? 'none'
              : subnet.reservations.map(({ cidr, type }) => `${cidr} (${type})`).join(', ')}
          </Fact>
          <Fact name="VPC">{subnet.vpc}</Fact>
        </Facts>
      </Section>
      <SubnetMap subnet={subnet} map={map} share={share} />
      <Section title={`ENIs by addresses held · ${enis.length}`}>
        <More items={enis} keyOf={({ eni }) => eni.id} none="No known ENIs.">
          {({ eni, held }) => (
            <>
              <RecordLink id={eni.id} />
              <span className="text-right">
                {eni.node === null ? withoutNode(eni) : <RecordLink id={eni.node} />}
                {held !== null && <span className="text-text2">{` · ${held.toLocaleString('en')}`}</span>}
              </span>
            </>
          )}
        </More>
      </Section>
      <Tags tags={subnet.tags} />
    </>
  );
}
