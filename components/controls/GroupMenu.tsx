import { lazy } from 'react';
import { usePageState } from '../../lib/client/hooks';
import { GROUP_WORDS, ORDER_WORDS } from '../../lib/view/group-words';
import { Popover } from '../ui/Popover';

const GroupBody = lazy(() => import('./GroupBody'));

/** The menu for grouping and order; its content is loaded when it is opened. */
export function GroupMenu() {
  const group = usePageState((page) => page.group);
  const order = usePageState((page) => page.order);
  const view = usePageState((page) => page.view);
  if (view !== 'topology') return null;
  return (
    <Popover
      label="Group, order, colour and fold nodes"
      button={
        <>
          Group <b className="font-semibold max-lg:hidden">{GROUP_WORDS[group]}</b>{' '}
          {order !== 'name' && (
            <span className="max-[1699px]:hidden">
              by <b className="font-semibold">{ORDER_WORDS[order].label}</b>{' '}
            </span>
          )}
          <span aria-hidden>▾</span>
        </>
      }
    >
      <GroupBody />
    </Popover>
  );
}
