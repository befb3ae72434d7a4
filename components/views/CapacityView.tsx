/**
 * What-if: changed settings, a lost zone, a roll of nodes, and their effects on addresses and pods. The URL stores
 * them.
 */
import { useDeferredValue, useMemo } from 'react';
import { NO_CHANGES, readableChanges, readChanges, type Changes } from '../../lib/capacity/changes';
import { reportOf, type Report } from '../../lib/capacity/totals';
import { assumptions, remarksOf, unknownName } from '../../lib/capacity/words';
import { useClient, useClientState, useFilterResult, usePageState } from '../../lib/client/hooks';
import { useCapacityModel } from '../hooks/useCapacityModel';
import { useSteps } from '../hooks/useSteps';
import { Empty } from '../ui/Empty';
import { Controls } from './capacity/Controls';
import { NodeTable } from './capacity/NodeTable';
import { Remarks } from './capacity/Remarks';
import { SubnetTable } from './capacity/SubnetTable';
import EmptyView from './EmptyView';

/** Parses the changes; those that cannot be parsed, or that name an unknown object, change nothing. */
function changesOf(texts: readonly string[]): Changes {
  const changes = readChanges(texts);
  return typeof changes === 'string' ? NO_CHANGES : changes;
}

interface Answer {
  readonly report: Report;
  /** An unknown zone, node group or subnet. */
  readonly wrong: string | null;
}

/** Null while the record set is loading. */
function useReport(texts: readonly string[]): Answer | null {
  const { store } = useClient();
  const model = useCapacityModel();
  const make = useMemo(() => {
    if (model === null) return null;
    return function* answer(): Generator<undefined, Answer> {
      const changes = changesOf(texts);
      const wrong = unknownName(store.getState().replica, changes);
      const outcome = yield* model.stepsUnder(wrong === null ? changes : NO_CHANGES);
      return { report: reportOf(outcome, changes.churn), wrong };
    };
  }, [store, model, texts]);
  return useSteps(make);
}

/** What-if: controls, totals by node group and subnet, and remarks. */
export default function CapacityView() {
  const whatIf = usePageState((page) => page.whatIf);
  const texts = useMemo(() => readableChanges(whatIf), [whatIf]);
  const answer = useReport(useDeferredValue(texts));
  const nodes = useClientState((state) => state.replica.records.nodes.size);
  const isFiltered = useFilterResult() !== null;
  if (nodes === 0)
    return (
      <EmptyView view="capacity" title="There are no nodes">
        A what-if needs at least one node.
      </EmptyView>
    );
  return (
    <div className="scroll-thin min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Capacity">
      <div className="flex max-w-290 flex-col gap-4 px-4 pt-3 pb-8">
        <Controls texts={texts} />
        {answer === null ? (
          <Empty title="Loading">The ENIs and pods are being loaded.</Empty>
        ) : (
          <>
            <Remarks
              remarks={remarksOf(answer.report)}
              wrong={answer.wrong}
              nothing={texts.length === 0}
              filtered={isFiltered}
            />
            <NodeTable title="Instance types" of="type" rows={answer.report.types} all={answer.report.all} />
            <NodeTable title="Zones" of="zone" rows={answer.report.zones} />
            <SubnetTable rows={answer.report.subnets} />
            <section aria-labelledby="assumed" className="text-12 text-text2">
              <h2 id="assumed" className="mb-1 text-13 font-semibold text-ink">
                Assumptions
              </h2>
              <ul className="flex max-w-180 list-disc flex-col gap-1 pl-4">
                {assumptions(changesOf(texts)).map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </section>
          </>
        )}
      </div>
    </div>
  );
}
