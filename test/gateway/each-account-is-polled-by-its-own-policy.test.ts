import { expect, test } from 'vitest';
import type { Account } from '#src/gateway/index.js';
import { genericAlert } from './commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

async function servers(policies: Record<string, Partial<Account>>, script: Parameters<typeof FarServer.open>[0] = {}) {
  const order: string[] = [];
  const noting = (serverId: string) =>
    FarServer.open({
      ...script,
      serverId,
      instead: (request) => {
        order.push(serverId);
        return script.instead?.(request);
      },
    });
  const all = await Promise.all(Object.keys(policies).map(noting));
  const under = await openGateway();
  declareDevice(under, [], { polling: 'never' });
  for (const server of all) under.store.accounts.declare(accountAt(server, deviceId, policies[server.serverId]));
  return { under, device: new FarDevice(under.url), all, order };
}

const hour = 3_600_000;

test("an account's policy comes before its device's, and each has its own clock", async () => {
  const { under, device, order } = await servers({ a: { polling: 'always' }, b: { polling: hour }, c: { polling: 2 * hour }, d: {} });
  await device.session();
  expect(order).toEqual(['a', 'b', 'c']);
  under.clock.advance(hour);
  await device.session();
  expect(order.slice(3)).toEqual(['a', 'b']);
  under.clock.advance(hour);
  await device.session();
  expect(order.slice(5)).toEqual(['a', 'b', 'c']);
});

test('priority says who is first, then the server id', async () => {
  const { device, order } = await servers({
    a: { polling: 'always' },
    b: { polling: 'always', priority: 1 },
    c: { polling: 'always', priority: 50 },
    B: { polling: 'always' },
  });
  await device.session();
  expect(order).toEqual(['b', 'c', 'B', 'a']);
});

test('those for whom something waits come before those that are only polled', async () => {
  const { device, order } = await servers({
    polled: { polling: 'always', priority: 1, rights: {} },
    waited: { priority: 200, rights: { './Battery': ['Get'] } },
  });
  await device.session([genericAlert()]);
  expect(order).toEqual(['waited', 'polled']);
});

test('a server that could not be reached has not been asked, and is asked at the next session', async () => {
  let isDown = true;
  const { device, order } = await servers({ a: { polling: hour } }, { instead: () => (isDown ? { status: 503 } : undefined) });
  await device.session();
  isDown = false;
  await device.session();
  await device.session();
  expect(order).toEqual(['a', 'a']);
});

test('when it was asked survives a restart; where policy asks always or never nothing is written', async () => {
  const { under, device } = await servers({ a: { polling: hour }, b: { polling: 'always' } });
  await device.session();
  expect(under.store.accounts.lastPoll(deviceId, 'b')).toBeUndefined();
  const at = under.clock.now();
  await under.stop();
  const again = await openGateway({ directory: under.directory });
  expect(again.store.accounts.lastPoll(deviceId, 'a')).toBe(at);
});
