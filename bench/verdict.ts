import type { Measurement, Skipped } from './benchmark.js';

/** One benchmark's line of output; null where a figure does not apply. */
export interface Verdict {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The yardstick's figure in the same unit. */
  readonly against: number | null;
  readonly ratio: number | null;
  readonly goal: number | null;
  readonly ok: boolean;
}

/** The line of one that this machine cannot measure. */
export interface SkippedLine extends Skipped {
  readonly name: string;
}

/**
 * Holds a measurement against its goal: a lower bound for the ratio, or for the value where there is no yardstick;
 * with `better: 'lower'` an upper bound for the value. Without a goal all is well.
 */
export function judge(name: string, measurement: Measurement): Verdict {
  const { value, unit, against = null, ratio = null, goal = null } = measurement;
  return {
    name,
    value: round(value),
    unit,
    against: against === null ? null : round(against),
    ratio: ratio === null ? null : round(ratio),
    goal,
    ok: meetsGoal(measurement),
  };
}

/** The verdicts as a table to read. */
export function tableOf(verdicts: readonly (Verdict | SkippedLine)[]): string {
  const rows = [['', 'name', 'value', 'against', 'ratio', 'goal'], ...verdicts.map(cells)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function meetsGoal({ value, ratio, goal, better }: Measurement): boolean {
  if (goal === undefined) return true;
  return better === 'lower' ? value <= goal : (ratio ?? value) >= goal;
}

function cells(line: Verdict | SkippedLine): string[] {
  if ('skipped' in line) return ['skipped', line.name, line.skipped];
  const { name, value, unit, against, ratio, goal, ok } = line;
  return [
    ok ? 'ok' : 'MISSED',
    name,
    `${value} ${unit}`,
    against === null ? '' : `${against} ${unit}`,
    ratio === null ? '' : `${ratio}×`,
    goal === null ? '' : String(goal),
  ];
}

/** Four digits say all that a measurement on a shared machine can. */
function round(figure: number): number {
  return Number(figure.toPrecision(4));
}
