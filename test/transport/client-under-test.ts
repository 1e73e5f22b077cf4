import { afterEach } from 'vitest';
import { isPosternError, silentLog } from '#src/base/index.js';
import type { DmClient, DmClientFactory, DmPost } from '#src/gateway/index.js';
import { createDmClient, type DmClientOptions } from '#src/transport/index.js';

const open: DmClientFactory[] = [];

afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

export function clientUnderTest(options: Partial<DmClientOptions> = {}): DmClientFactory {
  const client = createDmClient({ tls: {}, log: silentLog, maxResponseBytes: 1_000, ...options });
  open.push(client);
  return client;
}

export function messageTo(url: string, body = 'hello'): DmPost {
  return { url, contentType: 'text/plain', accept: 'text/plain', body: Buffer.from(body), timeout: 20_000 };
}

/** Posts and returns the text of the answer's body. */
export async function textOf(session: DmClient, post: DmPost): Promise<string> {
  return Buffer.from((await session.post(post)).body).toString();
}

/** The code of the error that a post ends with; what is no PosternError is thrown on. */
export async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    if (isPosternError(error)) return error.code;
    throw error;
  }
  return 'answered';
}
