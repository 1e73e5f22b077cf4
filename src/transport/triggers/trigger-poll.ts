import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { type Clock, type Milliseconds, PosternError } from '#src/base/index.js';
import { wireFailure } from '../wire-failure.js';

export interface TriggerPollOptions {
  /** `https:` or `http:`. */
  readonly url: string;
  readonly userName: string;
  readonly password: string;
  /** Trust; names and chains are checked whatever it says. */
  readonly tls: ConnectionOptions;
  /** From connecting to the last byte of the answer. */
  readonly timeout: Milliseconds;
  /** The largest body in bytes. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Gives up. */
  readonly signal: AbortSignal;
}

export interface TriggerPollReply {
  /** 200 with a trigger, 204 without. */
  readonly status: number;
  readonly body: Uint8Array;
}

/** Asks once whether there is a trigger, as a device that can do nothing else. @throws PosternError `wire.*` */
export async function pollForTrigger(options: TriggerPollOptions): Promise<TriggerPollReply> {
  const { url, timeout, clock, signal } = options;
  const { host: address } = new URL(url);
  const late = new AbortController();
  const timer = clock.timer('trigger poll', timeout, () => late.abort());
  try {
    return await ask(options, AbortSignal.any([late.signal, signal]));
  } catch (error) {
    if (late.signal.aborted) throw new PosternError('wire.timeout', { address, seconds: timeout / 1_000 }, { cause: error });
    if (signal.aborted) throw new PosternError('wire.aborted', { address }, { cause: error });
    throw wireFailure(error as NodeJS.ErrnoException, address);
  } finally {
    timer.cancel();
  }
}

function ask({ url, userName, password, tls, maxBytes }: TriggerPollOptions, signal: AbortSignal): Promise<TriggerPollReply> {
  const authorization = `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
  const headers = { Authorization: authorization, Accept: 'application/vnd.syncml.notification' };
  const common = { agent: false, method: 'GET', headers, signal, insecureHTTPParser: false } as const;
  return new Promise((resolve, reject) => {
    const receive = (incoming: IncomingMessage) => {
      readBody(incoming, maxBytes).then((body) => resolve({ status: incoming.statusCode ?? 0, body }), reject);
    };
    const outgoing = url.startsWith('https:')
      ? httpsRequest(url, { ...tls, ...common, rejectUnauthorized: true }, receive)
      : httpRequest(url, common, receive);
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function readBody(incoming: IncomingMessage, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) throw new PosternError('wire.too-large', { address: 'the gateway', limit });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
