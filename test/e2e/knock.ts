import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';

export interface Knock {
  readonly url: string;
  /** PEM. */
  readonly trust: string;
  readonly method?: string;
  readonly contentType?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** One HTTPS request as anybody could send it, with Node's own client. */
export async function knock({
  url,
  trust,
  method = 'POST',
  contentType = 'application/vnd.syncml.dm+xml',
  headers,
  body,
}: Knock): Promise<Answer> {
  const asking = request(url, { method, ca: trust, agent: false, headers: { 'Content-Type': contentType, ...headers } });
  // A refusal may come, and the connection close, while the rest of the body is still on its way.
  asking.on('error', () => {});
  asking.end(body);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}
