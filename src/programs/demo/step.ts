import type { Stage } from './stage.js';

/** What was shown, whether it was so at the far end, and how that was seen. */
export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly evidence: Readonly<Record<string, unknown>>;
  /** The evidence in a few words, for people. */
  readonly seen: readonly string[];
  /** Why it cannot be shown here; then it counts as neither shown nor failed. */
  readonly skipped?: string;
}

/** One step of the play, verified at the end that it concerns. */
export type Act = (stage: Stage) => Promise<Step>;

/** A step about a device that did not join. */
export function missing(name: string): Step {
  return { name, ok: false, evidence: { error: 'the device did not join' }, seen: [] };
}
