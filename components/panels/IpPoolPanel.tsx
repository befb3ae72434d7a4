import type { ReactNode } from 'react';
import { useRecord } from '../../lib/client/hooks';
import { labelOf } from '../../lib/view/record-label';
import { FindingsAbout } from './FindingsSection';
import { PanelHead } from './PanelHead';
import { Fact, Facts, More, Problems, RecordLink, Section, Since, Unknown } from './parts';

/** An address pool with its allocations; `gone`: shown if it does not exist. */
export function IpPoolPanel({ id, gone }: { readonly id: string; readonly gone: ReactNode }) {
  const pool = useRecord('ipPools', id);
  if (pool === null) return gone;
  return (
    <>
      <PanelHead kind="Address pool" title={pool.range}>
        {labelOf(id)}
      </PanelHead>
      <FindingsAbout id={id} />
      <Section title="Pool">
        <Facts>
          <Fact name="Used">{`${pool.used} of ${pool.size ?? 'an unknown number'}`}</Fact>
          <Fact name="Networks">
            {pool.networks.length === 0 ? (
              <Unknown>none known</Unknown>
            ) : (
              pool.networks.map((network) => (
                <span key={network} className="block">
                  <RecordLink id={network} />
                </span>
              ))
            )}
          </Fact>
          {pool.orphans.length > 0 && (
            <Fact name="Orphaned">
              {pool.orphans.map(({ ip, pod, createdAt }) => (
                <div key={ip}>
                  <code className="font-mono">{ip}</code>{' '}
                  <span className="text-text2">
                    {pod !== null && (
                      <>
                        of <RecordLink id={pod} />,{' '}
                      </>
                    )}
                    reserved <Since at={createdAt} />
                  </span>
                </div>
              ))}
            </Fact>
          )}
        </Facts>
      </Section>
      <Section title={`Allocations · ${pool.allocations.length}`}>
        <More items={pool.allocations} keyOf={({ ip }) => ip} none="No allocations." first={12}>
          {(allocation) => (
            <>
              <code className="font-mono">{allocation.ip}</code>
              <span className="text-right text-text2">
                {allocation.pod === null ? 'no pod named' : <RecordLink id={allocation.pod} />}
                {allocation.live === false && ' · deleted'}
              </span>
            </>
          )}
        </More>
      </Section>
      <Problems problems={pool.problems} />
    </>
  );
}
