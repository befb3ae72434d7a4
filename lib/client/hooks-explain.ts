/** Answers to a reporter's questions, asked of the server, which has the whole set. */
import { keepPreviousData, QueryClient, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Answer, Explanation } from '../explain/shared/answer';
import { ask } from './ask';
import { useClientState } from './hooks';
import { parseHarmless } from './wire/harmless-json';

async function askExplanation(words: string, signal: AbortSignal): Promise<readonly Answer[]> {
  const { status, text } = await ask(`/api/explain?q=${encodeURIComponent(words)}`, signal);
  if (status === 404) return [];
  if (status !== 200) throw new Error(`The server answered ${status}.`);
  return (parseHarmless(text) as Explanation).answers;
}

/** Answers of panels and pages; they have no provider around them. */
const answers = new QueryClient({ defaultOptions: { queries: { retry: 1, gcTime: 60_000 } } });

/** How often an answer that is looked at is asked for again. Milliseconds. */
const AGAIN = 5_000;

/**
 * The answers to the words of `ifscope explain`; none where the record is gone. Asked again every few seconds, and at once when `seen`
 * changes: what the page itself knows of the subject.
 */
export function useExplanation(words: string, seen: string): UseQueryResult<readonly Answer[]> {
  const file = useClientState(({ isFile, epoch }) => (isFile ? epoch : ''));
  return useQuery(
    {
      queryKey: ['explain', words, seen, file],
      queryFn: ({ signal }) => askExplanation(words, signal),
      placeholderData: keepPreviousData,
      refetchInterval: AGAIN,
      staleTime: AGAIN,
    },
    answers,
  );
}
