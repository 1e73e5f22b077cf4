import { type IncomingMessage, request } from 'node:http';
import { type Clock, type Milliseconds, PosternError } from '#src/base/index.js';
import { largestDescription } from './device-description.js';

export interface FetchOptions {
  /** Its host is an address, judged before. */
  readonly location: URL;
  /** Our own, on the same network. */
  readonly from: string;
  /** Gives it up. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** From the first byte of the connection to the last of the description. */
const patience: Milliseconds = 3_000;

/**
 * Fetches a description from the very address in `location`: no name is resolved and no redirect followed.
 * @throws PosternError `discovery.description`
 */
export function fetchDescription({ location, from, signal, clock }: FetchOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: location.hostname,
      port: location.port === '' ? 80 : Number(location.port),
      path: location.pathname + location.search,
      localAddress: from,
      agent: false,
      maxHeaderSize: 8_192,
      headers: { accept: 'text/xml' },
      signal,
    });
    const settle = (run: () => void) => {
      timer.cancel();
      run();
      sent.destroy();
    };
    const fail = (what: string, cause?: unknown) =>
      settle(() => reject(new PosternError('discovery.description', { what }, cause === undefined ? undefined : { cause })));
    const timer = clock.timer('the description of a device', patience, () => fail(`it is not there within ${patience / 1_000} s`));
    sent.on('error', (error) => fail(error.message, error));
    sent.on('response', (response) => readAnswer(response, { done: (bytes) => settle(() => resolve(bytes)), fail }));
    sent.end();
  });
}

interface Outcome {
  done(bytes: Uint8Array): void;
  fail(what: string, cause?: unknown): void;
}

function readAnswer(response: IncomingMessage, { done, fail }: Outcome): void {
  if (response.statusCode !== 200) return fail(`the answer is ${response.statusCode}`);
  const parts: Buffer[] = [];
  let length = 0;
  response.on('data', (part: Buffer) => {
    length += part.length;
    if (length > largestDescription) fail(`it has more than ${largestDescription} bytes`);
    else parts.push(part);
  });
  response.on('error', (error) => fail(error.message, error));
  response.on('end', () => done(Buffer.concat(parts)));
}
