/** A what-if as text: before and after tables, remarks, and the basis of the figures. */
import { thousands } from '../../model/counted';
import type { Changes } from '../../capacity/changes';
import type { Report, Row, SubnetFigures, SubnetRow } from '../../capacity/totals';
import {
  assumptions,
  figureWords,
  lackWords,
  limitWords,
  NOT_KNOWN,
  remarksOf,
  subnetLimitWords,
} from '../../capacity/words';
import { harmless } from '../../model/harmless';

type Line = readonly string[];

function table(lines: readonly Line[], isWords: (column: number) => boolean): string[] {
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
  return lines.map((line) =>
    line
      .map((cell, at) => (isWords(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** `12 → 8`; a single figure if both are the same. */
const arrow = (before: string, after: string): string => (before === after ? after : `${before} → ${after}`);

/** The report as lines for a terminal. */
export function reportLines(report: Report, changes: Changes): readonly string[] {
  const heads = ['NODES', 'ENIS', 'HELD', 'ASSIGNED', 'SPARE', 'PODS THAT FIT', 'EC2 CALLS/H', 'NO ENI', 'LIMITED BY'];
  const figures = ({ before, after }: Row): Line => [
    arrow(thousands(before.nodes), thousands(after.nodes)),
    ...(['enis', 'held', 'assigned', 'spare', 'fit', 'calls'] as const).map((of) =>
      arrow(figureWords(before[of]), figureWords(after[of])),
    ),
    arrow(lackWords(before), lackWords(after)),
    arrow(limitWords(before), limitWords(after)),
  ];
  const rows = (title: string, of: readonly Row[], all: readonly Row[] = []): string[] => [
    ...table(
      [
        [title, ...heads],
        ...of.map((row): Line => [row.key ?? NOT_KNOWN, ...figures(row)]),
        ...all.map((row): Line => ['all', ...figures(row)]),
      ],
      (at) => at === 0 || at === heads.length,
    ),
    '',
  ];
  const known = (value: number | null): string => (value === null ? NOT_KNOWN : thousands(value));
  const values = (side: SubnetFigures): Line => [
    ...[side.held, side.free, side.blocks, side.fit].map(known),
    subnetLimitWords(side),
  ];
  const subnet = ({ id, zone, isLost, before, after }: SubnetRow): Line => {
    const then = values(after);
    return [
      id,
      zone ?? NOT_KNOWN,
      ...values(before).map((value, at) => (isLost ? `${value} → lost` : arrow(value, then[at] ?? value))),
    ];
  };
  const remarks = remarksOf(report).map(({ text }) => text);
  return [
    ...rows('INSTANCE TYPE', report.types, [report.all]),
    ...rows('ZONE', report.zones),
    ...table(
      [['SUBNET', 'ZONE', 'HELD', 'FREE', 'FREE /28', 'PODS THAT FIT', 'LIMITED BY'], ...report.subnets.map(subnet)],
      (at) => at < 2 || at === 6,
    ),
    '',
    ...(remarks.length === 0 ? [] : [...remarks, '']),
    ...assumptions(changes).map((text) => `- ${text}`),
  ].map(harmless);
}
