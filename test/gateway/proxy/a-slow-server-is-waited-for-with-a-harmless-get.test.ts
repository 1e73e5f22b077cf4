import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { metLimits } from '../../met-limits.js';
import { get, results, statuses } from '../commands.js';
import { declareDevice, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer, until } from '../peers.js';

async function slowServer(patience: Record<string, number> = {}) {
  const gate: { open: () => void } = { open: () => {} };
  const opened = new Promise<undefined>((resolve) => {
    gate.open = () => resolve(undefined);
  });
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]], instead: () => opened });
  const counters = new Counters();
  const under = await openGateway({ counters, settings: { answerTimeout: 3_600_000, ...patience } });
  declareDevice(under, [server]);
  return { server, under, gate, counters };
}

test('after the time that a device may wait it gets a harmless Get, and the commands of the server in its next message', async () => {
  const { server, under, gate, counters } = await slowServer();
  let held = 0;
  const device = new FarDevice(under.url, {
    instead: (commands) => {
      if (commands.some((command) => command.name === 'Get' && command.Item?.[0]?.Target?.LocURI === './DevInfo/DmV')) {
        held += 1;
        gate.open();
      }
      return undefined;
    },
  });
  const session = device.session();
  await until(() => server.requests > 0);
  under.clock.advance(under.settings.deviceWait);
  expect(await session).toMatchObject({ reason: 'complete' });
  expect(held).toBe(1);
  expect(metLimits(counters)).toEqual({ 'limits.deviceWait': 1 });
  expect(statuses(server.replies)).toEqual(['g=200']);
  expect(results(server.replies)).toEqual(['./DevInfo/Man=Acme']);
});

test('a device is not held for ever: after eight of them it gets a clean end', async () => {
  const { server, under, counters } = await slowServer();
  const device = new FarDevice(under.url, { sizes: { maxMsgSize: 65_536, maxObjSize: 1_000 } });
  const session = device.session();
  await until(() => server.requests > 0);
  let over = false;
  const ended = session.then((end) => {
    over = true;
    return end;
  });
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    if (under.clock.pending().includes('device-wait')) under.clock.advance(under.settings.deviceWait);
  }
  expect(await ended).toMatchObject({ reason: 'complete' });
  expect(metLimits(counters)).toEqual({ 'limits.deviceWait': 8 });
});
