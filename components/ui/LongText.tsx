'use client';
import { useState } from 'react';
import { Button } from './Button';
import { Copy } from './Copy';

/** Names of Kubernetes objects have 253 characters at most; longer text is somebody's payload, or a mistake. */
const LONG = 253;

interface Props {
  readonly text: string;
  /** False where its beginning stands elsewhere already. */
  readonly beginning?: boolean;
}

/** Foreign text as it is; of a very long one the beginning, with a way to see and copy the whole. */
export function LongText({ text, beginning = true }: Props) {
  const [whole, setWhole] = useState(false);
  if (beginning && text.length <= LONG) return <>{text}</>;
  return (
    <>
      {beginning && !whole && `${text.slice(0, LONG)}… `}
      <Button look="link" className="text-12!" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`}
      </Button>
      {whole && (
        <div className="scroll-thin max-h-64 overflow-y-auto font-normal">
          <Copy text={text} label="Copy the whole text" />
        </div>
      )}
    </>
  );
}
