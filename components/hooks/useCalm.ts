import { useEffect, useRef, useState } from 'react';

/**
 * A value that follows at most once per `ms`: a long table need not be sorted again for each of five changes a second.
 * The first value and the newest one after a quiet spell come at once.
 */
export function useCalm<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, shownAt.current + ms - performance.now());
    const timer = setTimeout(() => {
      shownAt.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return shown;
}
