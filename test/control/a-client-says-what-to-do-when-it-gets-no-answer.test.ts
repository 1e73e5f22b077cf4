import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createControlClient, createSmallServerClient } from '#src/control/index.js';
import { temporaryFolder } from '../api/served.js';

async function serveRaw(listener: RequestListener): Promise<string> {
  const socket = join(temporaryFolder(), 'raw.sock');
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

it('names what to start when nothing serves the socket', async () => {
  const socket = join(temporaryFolder(), 'none.sock');
  await expect(createControlClient({ socket }).listDevices({})).rejects.toMatchObject({
    code: 'control.not-running',
    message: `Nothing answers at ${socket}; start "postern run", or name its socket with --socket.`,
  });
  await expect(createSmallServerClient({ socket }).listClients()).rejects.toThrow('"postern server"');
});

it('gives up when the answer takes too long', async () => {
  const socket = await serveRaw(() => {});
  await expect(createControlClient({ socket, timeout: 20 }).listDevices({})).rejects.toMatchObject({ code: 'control.timeout' });
});

it.each([
  ['another form', 200, '[{"id":1}]'],
  ['no error body', 500, '{"oops":true}'],
  ['no JSON', 200, '<html>'],
])('refuses an answer with %s', async (_what, status, body) => {
  const socket = await serveRaw((_request, response) => response.writeHead(status).end(body));
  await expect(createControlClient({ socket }).listDevices({})).rejects.toMatchObject({ code: 'control.bad-answer' });
});

it('tells mistakes in what it is given without asking', async () => {
  const socket = join(temporaryFolder(), 'none.sock');
  await expect(createControlClient({ socket }).showDevice({ id: '' })).rejects.toMatchObject({ code: 'control.invalid' });
});
