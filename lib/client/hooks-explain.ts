/** Answers to explain questions, from the server, which has the full set. */
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

/** The query client of panels and pages, which have no provider. */
const answers = new QueryClient({ defaultOptions: { queries: { retry: 1, gcTime: 60_000 } } });

/** Interval of refreshing a visible answer, in milliseconds. */
const AGAIN = 5_000;

/**
 * The answers to an `ifscope explain` question; empty when the record is gone. Refreshed every few seconds, and
 * immediately when `seen` changes.
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
