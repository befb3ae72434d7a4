import { useEffect, useState } from 'react';

/** Milliseconds of work in one task. */
const SLICE_MS = 8;

/** The result of `make` (null: none), computed in short slices; meanwhile the previous result, null at first. `make` must be stable. */
export function useSteps<R>(make: (() => Generator<undefined, R>) | null): R | null {
  const [made, setMade] = useState<{ readonly value: R } | null>(null);
  useEffect(() => {
    if (make === null) return;
    const steps = make();
    let timer: ReturnType<typeof setTimeout>;
    const slice = (): void => {
      const until = performance.now() + SLICE_MS;
      let next = steps.next();
      while (next.done !== true && performance.now() < until) next = steps.next();
      if (next.done === true) setMade({ value: next.value });
      else timer = setTimeout(slice);
    };
    timer = setTimeout(slice);
    return () => clearTimeout(timer);
  }, [make]);
  return made?.value ?? null;
}
