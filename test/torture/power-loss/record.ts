import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../e2e/eventually.js';
import { Site } from '../../e2e/site.js';
import type { Kept } from './kept.js';
import { isWhole, parseTrace, type TracedEvent, traced } from './trace.js';
import { type Heard, Witness } from './witness.js';

/** Something that the gateway has acknowledged to somebody. */
export interface Ack {
  readonly what: string;
  /** How many events of the trace there were when it left. */
  readonly at: number;
  /** Whether a store still knows. */
  readonly isIn: (kept: Kept) => boolean;
}

export interface Recording {
  readonly events: readonly TracedEvent[];
  readonly acks: readonly Ack[];
}

/**
 * Runs the real gateway from its first start to its end, with devices that report in every session, over plain http, so that the trace
 * shows each answer leave, and with triggers in between.
 */
export async function record({ devices, sessions }: { readonly devices: number; readonly sessions: number }): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-trace-'));
  const file = join(folder, 'trace');
  const site = await Site.open({ gateway: { south: { port: 0, tls: false }, triggers: { https: { port: 0 } } }, within: traced(file) });
  try {
    const witnesses: Witness[] = [];
    for (let at = 0; at < devices; at += 1) witnesses.push(await Witness.meet(site, `urn:imei:4901542032375${10 + at}`));
    await Promise.all(witnesses.map((witness) => witness.talk(sessions)));
    await site.gateway.stop();
    const text = await eventually('the end of the trace', () => wholeTrace(file));
    const events = parseTrace(text, realpathSync(site.gatewayState));
    return { events, acks: witnesses.flatMap(({ heard }) => heard).map((one) => placed(one, events)) };
  } finally {
    await site.close();
    rmSync(folder, { recursive: true });
  }
}

function wholeTrace(file: string): string | undefined {
  const text = readFileSync(file, 'utf8');
  return isWhole(text) ? text : undefined;
}

/** Finds where in the trace an answer left; one that cannot be read there, at the moment at which it had come. */
function placed({ by, what, isIn }: Heard, events: readonly TracedEvent[]): Ack {
  const answer = typeof by === 'number' ? undefined : Buffer.from(by);
  const at = events.findIndex((event) =>
    answer === undefined ? event.time > Number(by) : event.kind === 'send' && event.bytes.includes(answer),
  );
  if (at < 0 && answer !== undefined) throw new Error(`the trace does not show the answer with ${what}`);
  return { what, at: at < 0 ? events.length : at, isIn };
}
