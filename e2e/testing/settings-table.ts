import type { Command, Option } from 'commander';
import { settingsOf } from '../../lib/cli/common/settings';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function shownDefault({ defaultValue, defaultValueDescription, variadic }: Option): string {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  if (defaultValue === undefined || variadic || defaultValue === '') return '';
  return `\`${String(defaultValue)}\``;
}

/** A table of all settings, in Markdown. */
export function settingsTable(command: Command): string {
  const rows = settingsOf(command).map((option) => {
    const choices = option.argChoices === undefined ? '' : ` (${option.argChoices.join(', ')})`;
    const columns = [
      `\`${option.flags}\``,
      option.envVar === undefined ? '' : `\`${option.envVar}\``,
      `\`${option.attributeName()}\``,
      shownDefault(option),
      `${option.description}${choices}`,
    ];
    return `| ${columns.map(cell).join(' | ')} |`;
  });
  return ['| flag | environment | in the file | default | meaning |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
