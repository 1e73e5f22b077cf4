import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProxyTarget } from './proxy-target.js';

/** One message of a device, and what is told of its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: ProxyTarget;
  /** Whether the device may send another message behind this one. */
  mayGoOn(): boolean;
  /** The answer's head leaves now: nothing else can be told the device any more. */
  answering(): void;
  /** The last bytes of the answer leave now. @param goesOn the device may send its next message */
  answered(goesOn: boolean): void;
}
