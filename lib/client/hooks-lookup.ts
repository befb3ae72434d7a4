/** Look-ups on the server, by TanStack Query. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LookupAnswer } from '../view/lookup/answer';
import { ask } from './ask';
import { parseHarmless } from './wire/harmless-json';

const NOTHING = { asked: 'query', hits: [], total: 0, groups: [], unsure: [] } as const;

async function askLookup(query: string, signal: AbortSignal): Promise<LookupAnswer> {
  const { status, text } = await ask(`/api/lookup?q=${encodeURIComponent(query)}`, signal);
  // Text that is still being typed may not be an address or a query yet: that gives a note, not an error.
  if (status === 400) return { ...NOTHING, query, note: (parseHarmless(text) as { readonly error: string }).error };
  if (status !== 200) throw new Error(`The server answered ${status}.`);
  return parseHarmless(text) as LookupAnswer;
}

/** The look-up answer for a query at a version of the records; the previous answer stays until the next one arrives. */
export function useLookup(query: string, version: string): UseQueryResult<LookupAnswer> {
  const [at, setAt] = useState(version);
  const result = useQuery({
    queryKey: ['lookup', query, at],
    queryFn: ({ signal }) => askLookup(query, signal),
    enabled: query !== '',
    placeholderData: keepPreviousData,
    staleTime: 2_000,
  });
  // A search in progress is not cancelled for a newer version: if changes were faster than answers, there would never
  // be one.
  if (at !== version && !result.isFetching) setAt(version);
  return result;
}

/** A value after it has not changed for `ms` milliseconds, so that typing does not send a request per letter. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
