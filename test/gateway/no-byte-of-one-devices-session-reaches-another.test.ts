import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { answerOf, stubServer } from '../transport/stub-server.js';
import { genericAlert, get } from './commands.js';
import { declareDevice, type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { contentType, FarDevice, FarServer } from './peers.js';

/** `npm run torture -- --sessions 10000` is the long form. */
const sessions = Number(process.env['POSTERN_TEST_SESSIONS'] ?? 128);
const timeout = Math.max(120_000, 120 * sessions);

/** Each shows its own name in its identity, in what it reports and in every message that it gets. */
const ids = Array.from({ length: 16 }, (_, at) => `urn:imei:4901542032${String(at).padStart(5, '0')}`);

test(`${sessions} proxied sessions of sixteen devices at once`, { timeout }, async () => {
  const server = await FarServer.open({ batches: Array.from({ length: sessions }, () => [get('g', './DevInfo/DevId')]) });
  const under = await openGateway();
  for (const id of ids) declareDevice(under, [server], { id });
  await converse(under);
  expectNothingAstray(server);
  expect(canariesIn(server).size).toBe(sessions);
});

/** How a server answers; `turn` lets everything else go on. */
type Manner = (socket: Socket, answer: Buffer, turn: () => Promise<void>) => Promise<void>;

const manners: readonly Manner[] = [
  async (socket, answer) => void socket.write(answer),
  // Twice: the surplus in the same segment.
  async (socket, answer) => void socket.write(Buffer.concat([answer, answer])),
  // Split, and each piece by itself.
  async (socket, answer, turn) => {
    for (let at = 0; at < answer.length; at += 300) {
      socket.write(answer.subarray(at, at + 300));
      await turn();
    }
  },
  async (socket, answer, turn) => {
    for (let turns = 0; turns < 50; turns += 1) await turn();
    socket.write(answer);
  },
  // Early: it stands there before the next question is asked.
  async (socket, answer, turn) => {
    socket.write(answer);
    await turn();
    socket.write(answer);
  },
  // What the question before was answered on this connection comes first.
  async (socket, answer) => {
    socket.write(Buffer.concat([lastOn.get(socket) ?? answer, answer]));
  },
];
const lastOn = new WeakMap<Socket, Buffer>();

test(`${sessions} of them, their server answering early, late, twice and in pieces`, { timeout }, async () => {
  const { server, mannered } = await serverWith(manners);
  const under = await openGateway();
  for (const id of ids) declareDevice(under, [server], { id });
  await converse(under);
  expectNothingAstray(server);
  expect(mannered.every((times) => times >= sessions / manners.length)).toBe(true);
  // Whoever is answered twice loses a connection at times, and its report goes again later.
  expect(canariesIn(server).size).toBeGreaterThan(sessions / 2);
});

/** Each device again and again, as many at once as there are devices; what a device gets names itself alone. */
async function converse(under: GatewayUnderTest): Promise<void> {
  let begun = 0;
  const talk = async (id: string) => {
    while (begun < sessions) {
      const canary = `${id} canary ${begun++}`;
      const device = new FarDevice(under.url, { id, sessionId: String(begun) });
      expect(await device.session([genericAlert(canary)])).toMatchObject({ reason: 'complete' });
      expect(namedIn(device.received)).toEqual([id]);
    }
  };
  await Promise.all(ids.map(talk));
}

/** A server behind a raw socket, which takes its manners in turns; how often it had each. */
async function serverWith(manners: readonly Manner[]) {
  const mannered = manners.map(() => 0);
  const stub = await stubServer((socket, number) => void answer(socket, number));
  const answer = async (socket: Socket, number: number) => {
    const [head = '', body = ''] = stub.requests[number - 1]?.split('\r\n\r\n') ?? [];
    const { body: said = new Uint8Array() } = await far.handle({
      path: '/dm',
      contentType: /^content-type: (.*)$/im.exec(head)?.[1],
      body: Buffer.from(body, 'latin1'),
      remoteAddress: '127.0.0.1',
      encrypted: false,
      signal: new AbortController().signal,
    });
    const at = number % manners.length;
    mannered[at] = (mannered[at] ?? 0) + 1;
    // What it asks of a device names that device.
    const [, client = ''] = /<Source><LocURI>([^<]+)/.exec(body) ?? [];
    const text = Buffer.from(said).toString('latin1').replaceAll('DevId', client);
    const bytes = Buffer.from(answerOf(text, [`Content-Type: ${contentType}`]), 'latin1');
    await manners[at]?.(socket, bytes, () => new Promise((resolve) => setImmediate(resolve)));
    lastOn.set(socket, bytes);
  };
  const far = FarServer.behind(stub.url, { batches: Array.from({ length: sessions }, () => [get('g', './DevInfo/DevId')]) });
  return { server: far, mannered };
}

/** What says that it is of a device names no other. */
function expectNothingAstray(server: FarServer): void {
  const sources = server.messages.filter((message) => ids.includes(message.SyncHdr.Source.LocURI));
  expect(sources.filter((message) => namedIn(message).join() !== message.SyncHdr.Source.LocURI)).toEqual([]);
}

function canariesIn(server: FarServer): Set<string> {
  return new Set(server.messages.flatMap((message) => JSON.stringify(message).match(/urn:imei:\d+ canary \d+/g) ?? []));
}

function namedIn(what: unknown): string[] {
  return [...new Set(JSON.stringify(what).match(/urn:imei:\d+/g))];
}
