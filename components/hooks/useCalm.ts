import { useEffect, useRef, useState } from 'react';

/**
 * A value that changes at most once per `ms`, so that a long table is not sorted again for each of five changes a second.
 * The first value, and the first one after a quiet period, pass at once.
 */
export function useCalm<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(-Infinity);
  useEffect(() => {
    if (value === shown) return;
    const wait = Math.max(0, shownAt.current + ms - performance.now());
    const timer = setTimeout(() => {
      shownAt.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, shown, ms]);
  return shown;
}
