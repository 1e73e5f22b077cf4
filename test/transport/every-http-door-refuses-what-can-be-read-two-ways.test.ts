import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '#src/base/index.js';
import { isTriggerPath } from '#src/gateway/index.js';
import { serveDm, serveForwardProxy, serveHealth, serveUnix } from '#src/transport/index.js';
import { type Door, desyncCases } from './desync-cases.js';
import { roomyLimits } from './endpoint-under-test.js';
import { roomyLimits as proxyLimits, shown, welcoming } from './forward-proxy/proxy-under-test.js';
import { connectRaw, statusesOf } from './raw-peer.js';

interface OpenDoor {
  reach(): Socket | number;
  close(grace: number): Promise<void>;
}

interface DoorUnderTest extends Door {
  readonly name: string;
  open(reached: (what: string) => void): Promise<OpenDoor>;
}

const host = 'gateway.example';
const listening = { listen: '127.0.0.1', port: 0, log: silentLog } as const;
const folder = mkdtempSync(join(tmpdir(), 'postern-doors-'));

const doors: readonly DoorUnderTest[] = [
  { name: 'the southern endpoint', asked: 'POST /dm', host, open: (reached) => openEndpoint((path) => path === '/dm', reached) },
  { name: 'the endpoint for triggers', asked: 'POST /trigger/gateway', host, open: (reached) => openEndpoint(isTriggerPath, reached) },
  { name: 'a poll for triggers', asked: 'GET /dm/trigger', host, open: (reached) => openEndpoint((path) => path === '/dm', reached) },
  {
    name: 'the forward proxy',
    asked: `POST http://${host}/dm`,
    host,
    fields: [shown()],
    open: openProxy,
  },
  { name: 'the health port', asked: 'GET /healthz', host: 'localhost', open: openHealth },
  { name: 'the control socket', asked: 'POST /devices', host: 'localhost', open: openControl },
];

async function openEndpoint(accepts: (path: string) => boolean, reached: (what: string) => void): Promise<OpenDoor> {
  const handler = async ({ path }: { path: string }) => {
    reached(path);
    return { status: 200 };
  };
  const polls = { accepts: (path: string) => path === '/dm/trigger', handler, answerTimeout: 10_000 };
  const endpoint = await serveDm({ ...listening, accepts, handler, polls, limits: roomyLimits });
  return { reach: () => endpoint.port, close: endpoint.close };
}

async function openProxy(reached: (what: string) => void): Promise<OpenDoor> {
  const resolve = async (name: string) => {
    reached(name);
    return [];
  };
  const proxy = await serveForwardProxy({ ...listening, gatekeeper: welcoming, limits: proxyLimits, resolve });
  return { reach: () => proxy.port, close: proxy.close };
}

async function openHealth(reached: (what: string) => void): Promise<OpenDoor> {
  const server = await serveHealth({ port: 0, log: silentLog, fetch: answering(reached) });
  return { reach: () => server.port, close: server.close };
}

async function openControl(reached: (what: string) => void): Promise<OpenDoor> {
  const socket = join(folder, 'control.sock');
  const server = await serveUnix({ socket, log: silentLog, fetch: answering(reached) });
  return { reach: () => connect(socket), close: server.close };
}

function answering(reached: (what: string) => void) {
  return (request: Request) => {
    reached(request.url);
    return new Response('done');
  };
}

afterAll(() => rmSync(folder, { recursive: true }));

describe.each(doors)('$name', ({ open, ...door }) => {
  const cases = desyncCases(door);
  const reached: string[] = [];
  let opened: OpenDoor;
  beforeAll(async () => {
    opened = await open((what) => reached.push(what));
  });
  beforeEach(() => void reached.splice(0));
  afterAll(() => opened.close(0));

  test('the table is long enough to mean something', () => expect(cases.length).toBeGreaterThanOrEqual(40));

  test.each(cases)('%s', async (_name, bytes, statuses = [400]) => {
    const behind = [`${door.asked} HTTP/1.1`, `Host: ${door.host}`, 'Content-Length: 0', ...(door.fields ?? [])].join('\r\n');
    const peer = connectRaw(opened.reach());
    peer.write(Buffer.from(`${bytes}${behind}\r\n\r\n`, 'latin1'));
    const answered = statusesOf(await peer.closed);
    expect(answered).toHaveLength(1);
    expect(statuses).toContain(answered[0]);
    expect(reached).toEqual([]);
  });

  test('a good request is let in', async () => {
    const peer = connectRaw(opened.reach());
    const body = door.asked.startsWith('POST') ? ['Content-Length: 5'] : [];
    peer.write(
      `${[`${door.asked} HTTP/1.1`, `Host: ${door.host}`, 'Connection: close', ...body, ...(door.fields ?? [])].join('\r\n')}\r\n\r\n${body.length > 0 ? 'hello' : ''}`,
    );
    await peer.closed;
    expect(reached).toHaveLength(1);
  });
});
