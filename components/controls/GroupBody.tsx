'use client';
/** How nodes are grouped and ordered. Loaded when it is opened. */
import { useClient, useGo, usePageState } from '../../lib/client/hooks';
import { GROUP_WORDS, ORDER_WORDS } from '../../lib/view/group-words';
import { GROUPINGS, isPassing, ORDERS } from '../../lib/view/node-groups';
import { Button } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { closePopover } from '../ui/Popover';

export function GroupBody() {
  const group = usePageState((page) => page.group);
  const order = usePageState((page) => page.order);
  const { revealer } = useClient();
  const go = useGo();
  return (
    <div className="flex flex-col gap-3">
      <Choice
        legend="Group nodes by"
        value={group}
        options={GROUPINGS.map((value) => ({ value, label: GROUP_WORDS[value] }))}
        onChoose={(value) => go({ group: value, camera: null })}
      />
      <Choice
        legend="Order them by"
        value={order}
        options={ORDERS.map((value) => ({ value, ...ORDER_WORDS[value] }))}
        onChoose={(value) => go({ order: value, camera: null })}
      />
      {isPassing({ grouping: group, order }) && (
        <div className="max-w-56 text-12 text-text3">
          <p>Nodes keep their places while their state changes.</p>
          <Button
            className="mt-1.5"
            onClick={(event) => {
              revealer.ask({ to: 'arrange' });
              closePopover(event);
            }}
          >
            Arrange again
          </Button>
        </div>
      )}
    </div>
  );
}
