import { z } from 'zod';
import type { Milliseconds } from '#src/base/index.js';
import { ofKind } from './setting.js';

const unitLengths = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Reads `500ms`, `30s`, `5m`, `2h` or `7d`; undefined for anything else. */
export function parseDuration(text: string): Milliseconds | undefined {
  const [, digits, unit] = pattern.exec(text) ?? [];
  return unit === undefined ? undefined : Number(digits) * unitLengths[unit as keyof typeof unitLengths];
}

/** The shortest text that {@link parseDuration} reads back as the same time. */
export function formatDuration(value: Milliseconds): string {
  const units = Object.entries(unitLengths).reverse();
  const [unit, length] = units.find(([, length]) => value !== 0 && value % length === 0) ?? ['ms', 1];
  return `${value / length}${unit}`;
}

/** A time from `least` to `most`, both written as in the file. */
export function duration(least: string, most: string) {
  const bounds = { min: parseDuration(least) ?? 0, max: parseDuration(most) ?? 0 };
  const inBounds = z.number().min(bounds.min).max(bounds.max);
  const schema = z
    .string()
    .regex(pattern)
    .transform((text): Milliseconds => parseDuration(text) ?? 0)
    .pipe(inBounds);
  return ofKind(schema, {
    type: 'duration',
    unit: 'time',
    allowed: `a time from ${least} to ${most}, written as 500ms, 30s, 5m, 2h or 7d`,
    show: (value) => formatDuration(value as Milliseconds),
  });
}
