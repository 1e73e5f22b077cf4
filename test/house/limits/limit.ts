import type { MetLimit, MetricName } from '#src/base/index.js';

/** A limit as docs/reference/limits.md shows it; default and range of a configured one come from the configuration's own schema. */
export interface Limit {
  /** Its key, or what it is where nobody can change it. */
  readonly of: string;
  /** Where it is no key. */
  readonly fixed?: string;
  /** What happens to whoever meets it. */
  readonly effect: string;
  /** What counts it, where something does. */
  readonly metric?: MetricName;
  /** What `postern_limits_met_total` calls it, which counts it instead. */
  readonly met?: MetLimit;
  /** The test that shows it, below `test`. */
  readonly proof: string;
}
