import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a program answers to a GET of `path` at its control socket. */
export async function ask(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  const [answer] = (await once(request({ socketPath, path }).end(), 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}
