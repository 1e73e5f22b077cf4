import { z } from 'zod';
import type { OwnHardware } from '#src/gateway/index.js';

const maxText = 128;
const maxEntries = 32;

/** What hardware says of itself can be anything, and it goes into a tree: one line of bounded length, or nothing. */
const text = z.string().transform((given) => {
  const plain = given.replace(/\p{C}/gu, '').trim().slice(0, maxText);
  return plain === '' ? undefined : plain;
});
const fact = text.optional().catch(undefined);
const name = z
  .string()
  .min(1)
  .max(maxText)
  .regex(/^\P{C}+$/u);
const size = z.int().nonnegative().max(0x7fff_ffff);

const disk = z.object({ name, type: fact, size });
const link = z.object({ name, mac: z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/) });

const hardware = z.object({
  manufacturer: fact,
  model: fact,
  system: fact,
  virtual: z.boolean().optional().catch(undefined),
  memory: size.optional().catch(undefined),
  cpu: z
    .object({ model: fact, cores: size.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  disks: listOf(disk),
  interfaces: listOf(link),
});

/** Reads what the program for it tells; what is not as it should be is left out. Undefined: nothing of it can be used. */
export function parseHardware(said: string): OwnHardware | undefined {
  const parsed = hardware.safeParse(jsonOf(said));
  return parsed.success ? parsed.data : undefined;
}

function listOf<T>(entry: z.ZodType<T>) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((given) => given.flatMap((one) => entry.safeParse(one).data ?? []).slice(0, maxEntries));
}

function jsonOf(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}
