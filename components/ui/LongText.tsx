import { useState } from 'react';
import { Button } from './Button';
import { Copy } from './Copy';

/** Names of Kubernetes objects have at most 253 characters; longer text is data or an error. */
const LONG = 253;

interface Props {
  readonly text: string;
  /** False if the beginning is already shown elsewhere. */
  readonly beginning?: boolean;
}

/** Text from the cluster; of a long text the beginning, with a button that shows all of it to copy. */
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
