/** Grouping, order and colours of nodes, and folded groups. Loaded when the menu is opened. */
import { useCallback } from 'react';
import { useClient, useDerived, useGo, usePageState } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import type { Table } from '../../lib/model/records';
import { COLOUR_MODES } from '../../lib/view/colour-mode';
import { COLOUR_WORDS, GROUP_WORDS, ORDER_WORDS } from '../../lib/view/group-words';
import { counted } from '../../lib/model/counted';
import { groupNodes, GROUPINGS, isVolatile, ORDERS } from '../../lib/view/node-groups';
import { Button } from '../ui/Button';
import { Check } from '../ui/Check';
import { Choice } from '../ui/Choice';
import { closePopover } from '../ui/Popover';

/** Chooses grouping, order and folded groups. */
export default function GroupBody() {
  const group = usePageState((page) => page.group);
  const order = usePageState((page) => page.order);
  const colour = usePageState((page) => page.colour);
  const { revealer } = useClient();
  const go = useGo();
  return (
    <div className="flex flex-col gap-3">
      <Choice
        legend="Group nodes by"
        value={group}
        options={GROUPINGS.map((value) => ({ value, label: GROUP_WORDS[value] }))}
        onChoose={(value) => go({ group: value, folded: [], camera: null })}
      />
      <Choice
        legend="Order them by"
        value={order}
        options={ORDERS.map((value) => ({ value, ...ORDER_WORDS[value] }))}
        onChoose={(value) => go({ order: value, camera: null })}
      />
      {isVolatile({ grouping: group, order }) && (
        <div className="max-w-56 text-12 text-text3">
          <p>Nodes keep their places while their state changes.</p>
          <Button
            className="mt-1.5"
            onClick={(event) => {
              revealer.set({ to: 'arrange' });
              closePopover(event);
            }}
          >
            Arrange again
          </Button>
        </div>
      )}
      <Choice
        legend="Colour by"
        value={colour}
        options={COLOUR_MODES.map((value) => ({ value, label: COLOUR_WORDS[value] }))}
        onChoose={(value) => go({ colour: value })}
      />
      <Folding />
    </div>
  );
}

const TABLES: readonly Table[] = ['nodes', 'enis', 'findings'];

/** Which groups are folded to lines above the picture. */
function Folding() {
  const grouping = usePageState((page) => page.group);
  const folded = usePageState((page) => page.folded);
  const read = useCallback(({ replica }: ClientState) => groupNodes(replica, { grouping }), [grouping]);
  const groups = useDerived(TABLES, read);
  const go = useGo();
  const fold = (keys: readonly string[]): void => go({ folded: keys, camera: null });
  if (grouping === 'none') return null;
  return (
    <fieldset>
      <legend className="mb-1 text-12 text-text3">Fold to one line</legend>
      <div className="scroll-thin max-h-44 overflow-y-auto">
        {groups.map(({ key, label, nodes }) => (
          <Check
            key={key}
            checked={folded.includes(key)}
            onChange={() => fold(folded.includes(key) ? folded.filter((one) => one !== key) : [...folded, key])}
          >
            <span>{label}</span>
            <span className="text-12 text-text3">{counted(nodes.length, 'node')}</span>
          </Check>
        ))}
      </div>
      <div className="mt-1.5 flex gap-2">
        <Button onClick={() => fold(groups.map(({ key }) => key))}>Fold all</Button>
        {folded.length > 0 && <Button onClick={() => fold([])}>Unfold all</Button>}
      </div>
    </fieldset>
  );
}
