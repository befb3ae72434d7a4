/** Inputs of a what-if: settings of the VPC CNI and events on nodes. An empty input changes nothing. */
import { useId, useState, type ReactNode } from 'react';
import { CHANGE_KEYS, readChanges, valueOf, withValue, type ChangeKey } from '../../../lib/capacity/changes';
import { currentValues, namesIn, type CurrentValues } from '../../../lib/capacity/words';
import { useClient, useDerived } from '../../../lib/client/hooks';
import type { ClientState } from '../../../lib/client/client-state';
import type { Table } from '../../../lib/model/records';
import { Button } from '../../ui/Button';
import { cx } from '../../ui/classes';

const TABLES: readonly Table[] = ['nodes'];
const readNow = ({ replica }: ClientState) => ({ ...namesIn(replica), now: currentValues(replica) });

const AS_IT_IS = 'as it is';
const FIELD =
  'h-7 rounded-md border border-line bg-surface px-2 text-13 tabular-nums hover:border-edge placeholder:text-text3';

/** The inputs of a what-if. `texts`: the changes as in the URL. */
export function Controls({ texts }: { readonly texts: readonly string[] }) {
  const { location } = useClient();
  const { zones, groups, now } = useDerived(TABLES, readNow);
  const set = (key: ChangeKey, value: string): void => location.go({ whatIf: withValue(texts, key, value) });
  const number = (key: ChangeKey, label: string, current: string, mono = false): ReactNode => (
    <NumberField
      key={key}
      of={key}
      label={label}
      mono={mono}
      current={current}
      value={valueOf(texts, key)}
      onChange={(value) => set(key, value)}
    />
  );
  const choice = (key: ChangeKey, label: string, options: readonly string[], unchanged = AS_IT_IS): ReactNode => (
    <SelectField
      label={label}
      options={options}
      unchanged={unchanged}
      value={valueOf(texts, key)}
      onChange={(value) => set(key, value)}
    />
  );
  return (
    <form
      aria-label="Changes to try"
      className="flex flex-wrap items-start gap-x-8 gap-y-3 rounded-lg border border-line bg-surface px-4 pt-2.5 pb-3"
      onSubmit={(event) => event.preventDefault()}
    >
      <Group title="VPC CNI">
        {CHANGE_KEYS.slice(0, 5).map((key) => number(key, key, now[key as keyof CurrentValues], true))}
        {choice('prefix-mode', 'Prefix mode', ['on', 'off'])}
        <CustomNetworking
          value={valueOf(texts, 'custom-networking')}
          onChange={(value) => set('custom-networking', value)}
        />
      </Group>
      <Group title="Nodes">
        {number('max-pods', 'Max pods', now['max-pods'])}
        {choice('lose-zone', 'Lose a zone', zones, 'none')}
        {groups.length > 0 && choice('roll', 'Roll a node group', groups, 'none')}
        {valueOf(texts, 'roll') !== '' && number('surge', 'Surge', '1')}
        {number('churn', 'Pods replaced per hour', '1')}
      </Group>
      {texts.length > 0 && (
        <Button look="plain" className="-ml-2 self-end" onClick={() => location.go({ whatIf: [] })}>
          Undo all changes
        </Button>
      )}
    </form>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-13 font-semibold">{title}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-2">{children}</div>
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

interface NumberProps extends FieldProps {
  readonly of: ChangeKey;
  /** The current value. */
  readonly current: string;
  readonly mono?: boolean;
}

/** Input that cannot be parsed is marked and changes nothing. */
function NumberField({ of, label, value, current, mono = false, onChange }: NumberProps) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setTyped(value);
  }
  const problem = typed === '' ? null : readChanges([`${of}=${typed}`]);
  const wrong = typeof problem === 'string' ? problem.slice(problem.indexOf(': ') + 2) : null;
  return (
    <div className="flex flex-col">
      <label htmlFor={id} className={cx('mb-0.5 text-text2', mono ? 'font-mono text-12' : 'text-12')}>
        {label}
      </label>
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        placeholder={current}
        aria-invalid={wrong !== null}
        aria-describedby={wrong === null ? undefined : `${id}-wrong`}
        onChange={({ target }) => {
          const text = target.value.trim();
          setTyped(text);
          const isRead = text === '' || typeof readChanges([`${of}=${text}`]) !== 'string';
          if (!isRead) return;
          setSeen(text);
          onChange(text);
        }}
        className={cx(FIELD, 'w-26', value !== '' && 'border-sel! font-semibold', wrong !== null && 'border-err!')}
      />
      {wrong !== null && (
        <p id={`${id}-wrong`} className="max-w-40 text-12 text-err">
          {wrong}
        </p>
      )}
    </div>
  );
}

interface SelectProps extends FieldProps {
  readonly options: readonly string[];
  /** The option for no change. */
  readonly unchanged?: string;
}

function SelectField({ label, value, options, unchanged = AS_IT_IS, onChange }: SelectProps) {
  const id = useId();
  // A link may name an unknown object.
  const all = value === '' || options.includes(value) ? options : [...options, value];
  return (
    <div className="flex flex-col">
      <label htmlFor={id} className="mb-0.5 text-12 text-text2">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        className={cx(FIELD, 'max-w-44', value !== '' && 'border-sel! font-semibold')}
      >
        <option value="">{unchanged}</option>
        {all.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </div>
  );
}

const SUBNETS = 'in other subnets';

/** Off, on, or on with the named subnets. */
function CustomNetworking({ value, onChange }: Omit<FieldProps, 'label'>) {
  const id = useId();
  const [naming, setNaming] = useState(false);
  const named = value !== '' && value !== 'on' && value !== 'off';
  const [typed, setTyped] = useState(named ? value : '');
  const shown = naming || named;
  return (
    <>
      <SelectField
        label="Custom networking"
        options={['on', 'off', SUBNETS]}
        value={shown ? SUBNETS : value}
        onChange={(next) => {
          setNaming(next === SUBNETS);
          if (next !== SUBNETS) onChange(next);
        }}
      />
      {shown && (
        <div className="flex flex-col">
          <label htmlFor={id} className="mb-0.5 text-12 text-text2">
            Subnets for pods, one per zone
          </label>
          <input
            id={id}
            autoComplete="off"
            value={typed}
            placeholder="subnet-…, subnet-…"
            onChange={({ target }) => {
              setTyped(target.value);
              const text = target.value.replaceAll(/\s/g, '').replace(/,$/, '');
              if (typeof readChanges([`custom-networking=${text}`]) !== 'string' && text !== 'on' && text !== 'off')
                onChange(text);
            }}
            className={cx(FIELD, 'w-60 font-mono text-12')}
          />
        </div>
      )}
    </>
  );
}
