import { useCallback } from 'react';
import { useDerived, useRecord } from '../../lib/client/hooks';
import { unnamedHolder } from '../../lib/view/rights-words';
import { slotEntry } from '../../lib/view/selection';
import type { ClientState } from '../../lib/client/client-state';
import type { EniAddress, EniRecord, Table } from '../../lib/model/records';
import { recordsOf } from '../../lib/view/view-source';
import { useLimited } from '../hooks/useLimited';
import { SlotSwatch } from '../ui/Swatch';
import { More, RecordLink, Section, Unknown } from './parts';

const WORDS: Readonly<Record<Exclude<EniAddress['state'], 'assigned'>, string>> = {
  primary: 'primary, never assigned to pods',
  warm: 'warm',
  cooling: 'cooling',
  unclaimed: 'unclaimed',
  excluded: 'excluded by the VPC CNI',
  unknown: 'state not known',
};

/** Number of rows before "Show more": an ENI of the largest instance types has 49 slots. */
const FIRST = 12;

/** Every address of an ENI with its state and holder, in address order, then the free slots. */
export function SlotTable({ eni }: { readonly eni: EniRecord }) {
  const limited = useLimited();
  const taken = eni.addresses.length - 1 + eni.prefixes.length;
  return (
    <>
      <p className="mb-1 text-12 text-text2">
        {eni.capacity === null
          ? eni.claimedBy.length > 0
            ? 'No slots: claimed as a whole by pods.'
            : 'Capacity not known.'
          : `${eni.capacity} slots besides the primary address${eni.addressCapacity !== null && eni.addressCapacity !== eni.capacity ? `, ${eni.addressCapacity} addresses` : ''}; ${Math.max(0, eni.capacity - Math.max(0, taken))} free.`}
      </p>
      {eni.prefixes.length > 0 && (
        <More items={eni.prefixes} keyOf={({ cidr }) => cidr} none="" first={FIRST}>
          {({ cidr, size, assigned }) => (
            <>
              <code className="font-mono">{cidr}</code>
              <span className="text-text2">
                {assigned === null
                  ? 'use not known'
                  : assigned === 0
                    ? 'free'
                    : `${assigned}${size === null ? '' : ` of ${size}`} assigned`}
              </span>
            </>
          )}
        </More>
      )}
      <More items={eni.addresses} keyOf={({ ip }) => ip} none="No addresses." first={FIRST}>
        {(address) => (
          <>
            <span className="flex shrink-0 items-center gap-2">
              <HeldSwatch address={address} />
              <RecordLink id={slotEntry(eni.id, address.ip)}>
                <code className="font-mono">{address.ip}</code>
              </RecordLink>
            </span>
            <span className="min-w-0 text-right text-text2">
              {address.interface !== null ? (
                <RecordLink id={address.interface} />
              ) : address.state === 'assigned' ? (
                unnamedHolder(limited)
              ) : (
                WORDS[address.state]
              )}
            </span>
          </>
        )}
      </More>
    </>
  );
}

function HeldSwatch({ address }: { readonly address: EniAddress }) {
  const network = useRecord('interfaces', address.interface)?.network;
  return <SlotSwatch look={address.state} network={network} />;
}

const TABLES: readonly Table[] = ['enis'];

/** The branch ENIs of a trunk: VLAN, ENI, pod. */
export function Branches({ trunk }: { readonly trunk: string }) {
  const read = useCallback(
    ({ replica }: ClientState) =>
      recordsOf(replica.indexes.branchesByTrunk, trunk, replica.records.enis).sort(
        (a, b) => (a.vlan ?? 0) - (b.vlan ?? 0),
      ),
    [trunk],
  );
  const branches = useDerived(TABLES, read);
  return (
    <Section title={`Branch ENIs · ${branches.length}`}>
      <More items={branches} keyOf={({ id }) => id} none="No branch ENIs." first={FIRST}>
        {(branch) => (
          <>
            <span className="shrink-0">
              VLAN {branch.vlan ?? '?'} · <RecordLink id={branch.id} />
            </span>
            <span className="min-w-0 text-right">
              {branch.branchPod === null ? <Unknown>no known pod</Unknown> : <RecordLink id={branch.branchPod} />}
            </span>
          </>
        )}
      </More>
    </Section>
  );
}
