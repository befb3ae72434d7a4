'use client';
import { useGo, usePageState } from '../../lib/client/hooks';
import { GROUPINGS, type Grouping } from '../../lib/view/node-groups';
import { Choice } from '../ui/Choice';
import { Popover } from '../ui/Popover';

const WORDS: Readonly<Record<Grouping, string>> = {
  zone: 'zone',
  'instance-type': 'instance type',
  'node-group': 'node group',
  none: 'nothing',
};

export function GroupMenu() {
  const group = usePageState((page) => page.group);
  const view = usePageState((page) => page.view);
  const go = useGo();
  if (view !== 'topology') return null;
  return (
    <Popover
      label="Group nodes by"
      button={
        <>
          Group <b className="font-semibold max-lg:hidden">{WORDS[group]}</b> <span aria-hidden>▾</span>
        </>
      }
    >
      {() => (
        <Choice
          legend="Group nodes by"
          value={group}
          options={GROUPINGS.map((value) => ({ value, label: WORDS[value] }))}
          onChoose={(value) => go({ group: value })}
        />
      )}
    </Popover>
  );
}
