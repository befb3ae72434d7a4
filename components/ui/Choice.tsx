import { useId, type ChangeEvent } from 'react';

interface Props<T extends string> {
  readonly legend: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly note?: string }[];
  readonly onChoose: (value: T, event: ChangeEvent<HTMLInputElement>) => void;
}

/** A choice between a few options, as radio buttons. */
export function Choice<T extends string>({ legend, value, options, onChoose }: Props<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-12 text-text3">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="flex items-center gap-2 rounded-sm px-1 py-1 hover:bg-sunk">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={(event) => onChoose(option.value, event)}
            className="accent-(--c-sel)"
          />
          <span>{option.label}</span>
          {option.note !== undefined && <span className="text-12 text-text3">{option.note}</span>}
        </label>
      ))}
    </fieldset>
  );
}
