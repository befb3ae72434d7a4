'use client';
import { useClientState } from '../../lib/client/hooks';
import { emptyNotice, factsOf, type View } from '../../lib/view/views';
import { Empty } from '../ui/Empty';

/** A view without content: there is nothing, or it is not known and why. */
export function EmptyView({ view }: { readonly view: View }) {
  const facts = factsOf(view);
  const source = useClientState(({ replica }) => replica.records.sources.get(facts.source));
  const { title, text } = emptyNotice(facts, source);
  return <Empty title={title}>{text}</Empty>;
}
