'use client';
import { useClient, useGo, usePageState } from '../../lib/client/hooks';
import { GROUPINGS, isPassing, ORDERS, type Grouping, type Order } from '../../lib/view/node-groups';
import { Button } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { closePopover, Popover } from '../ui/Popover';

const GROUP_WORDS: Readonly<Record<Grouping, string>> = {
  zone: 'zone',
  'instance-type': 'instance type',
  'node-group': 'node group',
  subnet: 'subnet',
  'worst-finding': 'worst finding',
  none: 'nothing',
};

const ORDER_WORDS: Readonly<Record<Order, { readonly label: string; readonly note?: string }>> = {
  name: { label: 'name' },
  fullness: { label: 'fullness', note: 'fullest first' },
  'free-pods': { label: 'room for pods', note: 'least first' },
  findings: { label: 'findings', note: 'worst first' },
};

export function GroupMenu() {
  const group = usePageState((page) => page.group);
  const order = usePageState((page) => page.order);
  const view = usePageState((page) => page.view);
  const { revealer } = useClient();
  const go = useGo();
  if (view !== 'topology') return null;
  return (
    <Popover
      label="Group and order nodes"
      button={
        <>
          Group <b className="font-semibold max-lg:hidden">{GROUP_WORDS[group]}</b>{' '}
          {order !== 'name' && (
            <span className="max-xl:hidden">
              by <b className="font-semibold">{ORDER_WORDS[order].label}</b>{' '}
            </span>
          )}
          <span aria-hidden>▾</span>
        </>
      }
    >
      {() => (
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
      )}
    </Popover>
  );
}
