'use client';
/** Every wire of one node: pods, their interfaces, ENIs, cards. */
import { useGo, useRecord } from '../../lib/client/hooks';
import type { Theme } from '../../lib/layout/tokens';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';

interface Props {
  readonly node: string;
  readonly theme: Theme;
}

export function NodeFocusView({ node }: Props) {
  const record = useRecord('nodes', node);
  const go = useGo();
  const back = (
    <Button aria-keyshortcuts="g" onClick={() => go({ focus: null })}>
      ‹ Back to the overview
    </Button>
  );
  if (record === null) return <Empty title="This node is not in the record set">{back}</Empty>;
  return <div className="p-4">{back}</div>;
}
