import { z } from 'zod';
import { ofKind } from './setting.js';

const unitLengths = { B: 1, KiB: 1024, MiB: 1_048_576, GiB: 1_073_741_824 } as const;
const pattern = /^(\d{1,12})(B|KiB|MiB|GiB)$/;

/** Reads `64KiB`, `1MiB` or `4096B`; undefined for anything else, `64KB` too, which could mean two things. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = pattern.exec(text) ?? [];
  return unit === undefined ? undefined : Number(digits) * unitLengths[unit as keyof typeof unitLengths];
}

/** The shortest text or number that the file can have for so many bytes. */
export function formatSize(bytes: number): string | number {
  const [unit, length] =
    Object.entries(unitLengths)
      .reverse()
      .find(([, length]) => bytes !== 0 && bytes % length === 0) ?? [];
  return unit === undefined || length === undefined || length === 1 ? bytes : `${bytes / length}${unit}`;
}

/** A number of bytes from `least` to `most`, both written as in the file. */
export function size(least: string, most: string) {
  const bounds = { min: parseSize(least) ?? 0, max: parseSize(most) ?? 0 };
  const schema = z
    .union([z.int().nonnegative(), z.string().regex(pattern)])
    .transform((value) => (typeof value === 'number' ? value : (parseSize(value) ?? 0)))
    .pipe(z.number().min(bounds.min).max(bounds.max));
  return ofKind(schema, {
    type: 'size',
    unit: 'bytes',
    allowed: `a size from ${least} to ${most}, written as 64KiB, 1MiB or as a number of bytes`,
    show: (value) => formatSize(value as number),
  });
}
