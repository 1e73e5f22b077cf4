import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Counters, ManualClock, silentLog } from '#src/base/index.js';
import { loadGatewayConfig } from '#src/config/index.js';
import { openLocalCa } from '#src/security/index.js';
import { openTriggerPosts } from '../../../src/programs/gateway/doors/trigger-carriers.js';
import { writtenFile } from '../../config/written-file.js';
import { eventually } from '../../e2e/eventually.js';
import { temporaryDirectory } from '../../store/store-fixture.js';

test('eight of one address, and sixty-four of all', async () => {
  const directory = temporaryDirectory();
  // Whoever says nothing would be closed by the time.
  const clock = new ManualClock();
  await openLocalCa({ directory, clock });
  const config = loadGatewayConfig(writtenFile('gateway:\n  name: at home\n'), {});
  const counters = new Counters();
  const parts = { config, directory, counters, clock, log: silentLog };
  const door = await openTriggerPosts(parts, { listen: '0.0.0.0', port: 0 }, async () => ({ status: 202 }));
  onTestFinished(() => door.close(0));
  const port = Number(new URL(door.address).port);
  const refused = () => counters.samples('postern_connections_refused_total').reduce((sum, { value }) => sum + value, 0);

  const sentAway = async (host: number) => {
    const before = refused();
    await comeIn(port, host);
    await eventually('a refusal', () => (refused() > before ? true : undefined));
  };

  let opened = 0;
  for (let host = 2; host < 10; host += 1) {
    for (let of = 0; of < 8; of += 1) await comeIn(port, host);
    opened += 8;
    await eventually('eight more', () => (door.connections === opened ? true : undefined));
    if (host === 2) await sentAway(host);
  }
  expect([door.connections, refused()]).toEqual([64, 1]);
  await sentAway(99);
  expect([door.connections, refused()]).toEqual([64, 2]);
});

async function comeIn(port: number, host: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${host}` }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}
