import { createSocket, type Socket } from 'node:dgram';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, silentLog } from '#src/base/index.js';
import { type DatagramOptions, listenForDatagrams } from '#src/transport/index.js';

const limits = { bytes: 10, perSource: 3, every: 60_000, atOnce: 4 };

async function listener(options: Partial<DatagramOptions> = {}) {
  const taken: string[] = [];
  const dropped: string[] = [];
  const onDropped = (limit: string) => void dropped.push(limit);
  const clock = new ManualClock();
  const handle = async (bytes: Uint8Array) => void taken.push(Buffer.from(bytes).toString());
  const opened = await listenForDatagrams({ listen: '127.0.0.1', port: 0, limits, handle, onDropped, log: silentLog, clock, ...options });
  onTestFinished(() => opened.close());
  const sender = createSocket('udp4');
  onTestFinished(() => new Promise<void>((resolve) => sender.close(() => resolve())));
  return { taken, dropped, clock, port: opened.port, sender };
}

function send(sender: Socket, port: number, text: string): Promise<void> {
  return new Promise((resolve, reject) => sender.send(text, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())));
}

/** On the loopback what was sent before this one has arrived before it. */
async function arrived(taken: readonly string[], text: string): Promise<void> {
  while (!taken.includes(text)) await new Promise((resolve) => setImmediate(resolve));
}

test('each within the limits is handed over', async () => {
  const { taken, port, sender } = await listener();
  await send(sender, port, 'one');
  await send(sender, port, '0123456789');
  await arrived(taken, '0123456789');
  expect(taken).toEqual(['one', '0123456789']);
});

test('one that is too large is dropped', async () => {
  const { taken, dropped, port, sender } = await listener();
  await send(sender, port, '0123456789x');
  await send(sender, port, 'last');
  await arrived(taken, 'last');
  expect(taken).toEqual(['last']);
  expect(dropped).toEqual(['bytes']);
});

test('a source that sends too many is heard again in the next minute', async () => {
  const { taken, dropped, clock, port, sender } = await listener();
  const other = createSocket('udp4').bind(0, '127.0.0.2');
  onTestFinished(() => new Promise<void>((resolve) => other.close(() => resolve())));
  for (const text of ['1', '2', '3', '4', '5']) await send(sender, port, text);
  await send(other, port, 'another');
  await arrived(taken, 'another');
  expect(taken).toEqual(['1', '2', '3', 'another']);
  expect(dropped).toEqual(['perSource', 'perSource']);
  clock.advance(60_000);
  await send(sender, port, 'later');
  await arrived(taken, 'later');
});

test('no more at once than the limit, whatever becomes of them', async () => {
  let calls = 0;
  const handle = () => {
    calls += 1;
    return new Promise<void>(() => {});
  };
  const { dropped, port, sender } = await listener({ handle, limits: { ...limits, perSource: 100, atOnce: 2 } });
  const second = await listener();
  for (let round = 0; round < 5; round += 1) await send(sender, port, 'x');
  await send(second.sender, second.port, 'after');
  await arrived(second.taken, 'after');
  expect(calls).toBe(2);
  expect(dropped).toEqual(['atOnce', 'atOnce', 'atOnce']);
});

test('a port that is taken is said so', async () => {
  const { port } = await listener();
  await expect(listener({ port })).rejects.toMatchObject({ code: 'wire.listen' });
});
