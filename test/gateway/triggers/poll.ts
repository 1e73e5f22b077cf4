import { request } from 'node:http';
import { onTestFinished } from 'vitest';

export interface PollAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly retryAfter: string | undefined;
  readonly challenge: string | undefined;
  readonly body: Uint8Array;
}

/** No credentials at all. */
export const nothing = '';

/** Asks `<url>/trigger`, as a device that can do nothing else. */
export function poll(url: string, credentials = 'device:device-password'): Promise<PollAnswer> {
  const authorization = credentials === nothing ? {} : { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/trigger`, { agent: false, headers: authorization }, async (incoming) => {
      const { 'content-type': contentType, 'retry-after': retryAfter, 'www-authenticate': challenge } = incoming.headers;
      const body = Buffer.concat(await incoming.toArray());
      resolve({ status: incoming.statusCode ?? 0, contentType, retryAfter, challenge, body });
    });
    onTestFinished(() => void outgoing.destroy());
    outgoing.on('error', reject);
    outgoing.end();
  });
}
