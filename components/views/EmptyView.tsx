import { useClientState } from '../../lib/client/hooks';
import { unknownNotice } from '../../lib/view/empty-view';
import { factsOf, type View } from '../../lib/view/views';
import { Empty } from '../ui/Empty';

interface Props {
  readonly view: View;
  /** Shown once the view's source has answered; before that, the reason why it has not. */
  readonly title: string;
  readonly children: string;
}

/** A view without content. */
export default function EmptyView({ view, title, children }: Props) {
  const facts = factsOf(view);
  const source = useClientState(({ replica }) => replica.records.sources.get(facts.source));
  const unknown = unknownNotice(facts, source);
  return <Empty title={unknown?.title ?? title}>{unknown?.text ?? children}</Empty>;
}
