import { useEffect, useState } from 'react';

/** True once `condition` has been true for `ms`. */
export function useStaysFor(condition: boolean, ms: number): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setHeld(condition), condition ? ms : 0);
    return () => clearTimeout(timer);
  }, [condition, ms]);
  return held && condition;
}
