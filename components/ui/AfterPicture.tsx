import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { useClientState } from '../../lib/client/hooks';

/** By then the first picture is usually drawn. Milliseconds. */
const AFTER_PICTURE_MS = 100;

interface Props {
  /** A placeholder of the same size as the content, so that nothing moves. */
  readonly place?: ReactNode;
  /** Loaded lazily. */
  readonly children: ReactNode;
}

/** Content that is loaded after the first picture. */
export function AfterPicture({ place = null, children }: Props) {
  const isFilled = useClientState((state) => state.revision > 0);
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    if (!isFilled) return;
    const timer = setTimeout(() => setDrawn(true), AFTER_PICTURE_MS);
    return () => clearTimeout(timer);
  }, [isFilled]);
  return isDrawn ? <Suspense fallback={place}>{children}</Suspense> : place;
}
