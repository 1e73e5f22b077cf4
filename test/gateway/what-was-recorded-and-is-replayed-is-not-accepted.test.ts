import { expect, test } from 'vitest';
import { seededRandom } from '../e2e/seeded-random.js';
import { genericAlert, get } from './commands.js';
import { declareDevice, type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { contentType, decode, type Exchange, FarDevice, FarServer } from './peers.js';

/** In all cases together; `npm run torture -- --sessions 10000` is the long form. */
const sessions = Number(process.env['POSTERN_TEST_SESSIONS'] ?? 160);
const sessionsOfDevice = 2;
const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31);

/** What somebody on the path has written down. */
interface Recording {
  readonly under: GatewayUnderTest;
  readonly server: FarServer;
  readonly devices: readonly FarDevice[];
  readonly exchanges: readonly Exchange[];
}

/** How often the answer to a replay was which; what the gateway and the server have afterwards is compared by {@link kept}. */
interface Replayed {
  readonly accepted: number;
  /** Of a device's last message, and of the last that brought reports, byte for byte: it gets the answer that it got. */
  readonly repeats: number;
  readonly refused: number;
}

test('as it was', { timeout: 600_000 }, async () => {
  const recording = await record();
  await expectNothing(recording, recording.under, recording.exchanges);
});

test('in any other order', { timeout: 600_000 }, async () => {
  process.stdout.write(`POSTERN_SEED=${seed}\n`);
  const recording = await record();
  await expectNothing(recording, recording.under, shuffled(recording.exchanges));
});

test('after a crash', { timeout: 600_000 }, async () => {
  const recording = await record();
  await recording.under.kill();
  const again = await openGateway({ directory: recording.under.directory });
  await expectNothing(recording, again, recording.exchanges);
});

test('when everything that is remembered for a while is forgotten', { timeout: 600_000 }, async () => {
  const recording = await record();
  const { settings, clock } = recording.under;
  clock.advance(Math.max(settings.repeatWindow, settings.sessionIdle) + 1);
  expect(await expectNothing(recording, recording.under, recording.exchanges)).toMatchObject({ repeats: 0 });
});

/** Sessions with reports and commands, on devices and a server that know each other. */
async function record(): Promise<Recording> {
  const most = Math.ceil(sessions / 4);
  const server = await FarServer.open({ batches: Array.from({ length: most }, () => [get('g', './DevInfo/DevId')]) });
  const under = await openGateway();
  const devices: FarDevice[] = [];
  for (let at = 0; at < most / sessionsOfDevice; at += 1) {
    const id = `urn:imei:49015${String(at).padStart(10, '0')}`;
    declareDevice(under, [server], { id });
    const device = new FarDevice(under.url, { id });
    for (let count = 0; count < sessionsOfDevice; count += 1) {
      expect(await device.session([genericAlert(`${id} ${count}`)])).toMatchObject({ reason: 'complete' });
    }
    devices.push(device);
  }
  const exchanges = devices.flatMap((device) => device.exchanges);
  expect(exchanges.length).toBeGreaterThan(2 * most);
  return { under, server, devices, exchanges };
}

async function expectNothing(recording: Recording, under: GatewayUnderTest, exchanges: readonly Exchange[]): Promise<Replayed> {
  const before = kept(recording, under);
  const replayed = await replay(under, exchanges);
  expect(replayed.accepted).toBe(0);
  expect(replayed.repeats).toBeLessThanOrEqual(2 * recording.devices.length);
  expect(replayed.refused).toBe(exchanges.length - replayed.repeats);
  expect(kept(recording, under)).toEqual(before);
  return replayed;
}

async function replay(under: GatewayUnderTest, exchanges: readonly Exchange[]): Promise<Replayed> {
  const counts = { accepted: 0, repeats: 0, refused: 0 };
  for (const { url, sent, reply } of exchanges) {
    const { status, body = new Uint8Array() } = await under.gateway.handler({
      path: new URL(url).pathname,
      contentType,
      body: sent,
      remoteAddress: '127.0.0.1',
      encrypted: true,
      signal: new AbortController().signal,
    });
    // The device's few wrong ones cost nothing: each is looked at.
    expect(status).not.toBe(503);
    if (Buffer.compare(body, reply.body) === 0) counts.repeats += 1;
    else if (status === 200 && isAccepted(body)) counts.accepted += 1;
    else counts.refused += 1;
  }
  return counts;
}

/** Whether the sender is taken for the device, what it says for said, or it is told anything but that there is no such session. */
function isAccepted(body: Uint8Array): boolean {
  return decode(body).SyncBody.commands.some((command) =>
    command.name === 'Status' ? command.Data.startsWith('2') : command.name !== 'Alert' || command.Data !== '1223',
  );
}

/** All that a message which is accepted would change. */
function kept({ server, devices }: Recording, under: GatewayUnderTest) {
  return {
    atServer: server.messages.length,
    alerts: server.alerts.length,
    nonces: devices.map(({ id }) => under.store.nonces.get(`south/${id}`, 'client')),
    waiting: devices.map(({ id }) => under.store.outbox.pending(id, 'operator').length),
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  const below = seededRandom(seed);
  const rest = [...items];
  return items.map(() => rest.splice(below(rest.length), 1)[0] as T);
}
