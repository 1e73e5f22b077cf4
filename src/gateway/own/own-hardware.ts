import type { HardwareValues } from '#src/dm/objects/index.js';

/** What the gateway's own box is; an absent fact is unknown. */
export interface OwnHardware extends HardwareValues {
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  /** The operating system that it runs, such as `OpenWrt 24.10`. */
  readonly system?: string | undefined;
}
