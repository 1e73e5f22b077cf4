import { expect, test } from 'vitest';
import { Counters, type NewWork, type Overload } from '#src/base/index.js';
import { get } from './commands.js';
import { declareDevice, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';
import { poll } from './triggers/poll.js';

/** One that the test turns on. */
function overloadUnderTest() {
  const asked: NewWork[] = [];
  const state = { on: false };
  const overload: Overload = {
    get level() {
      return state.on ? 'shed' : 'none';
    },
    admits(work) {
      asked.push(work);
      return !state.on;
    },
  };
  return { overload, state, asked };
}

test('a session that is open ends well, a new one gets 503, and is taken when it is over', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const { overload, state } = overloadUnderTest();
  const counters = new Counters();
  const under = await openGateway({ overload, counters });
  declareDevice(under, [server]);
  declareDevice(under, [server], { id: 'urn:imei:2' });
  const late = new FarDevice(under.url, { id: 'urn:imei:2' });
  const early = new FarDevice(under.url, {
    instead: async () => {
      state.on = true;
      expect(await late.session()).toMatchObject({ detail: 'HTTP 503' });
      return undefined;
    },
  });
  expect(await early.session()).toMatchObject({ reason: 'complete' });
  expect(late.exchanges[0]?.reply.headers['retry-after']).toBe('30');
  expect(counters.samples('postern_messages_refused_total')).toEqual([{ labels: { reason: 'overload' }, value: 1 }]);
  state.on = false;
  expect(await late.session()).toMatchObject({ reason: 'complete' });
});

test('a path is known for that of an open session', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const paths: string[] = [];
  const device = new FarDevice(under.url, { instead: async () => void paths.push(under.requests.at(-1)?.path ?? '') });
  await device.session();
  expect(under.gateway.isOpen('/dm')).toBe(false);
  expect(under.gateway.isOpen(`/dm/s/${'x'.repeat(32)}`)).toBe(false);
});

test('a poll comes later', async () => {
  const { overload, state, asked } = overloadUnderTest();
  const under = await openGateway({ overload, encrypted: true });
  declareDevice(under, [], { trigger: { by: 'poll' } });
  state.on = true;
  expect(await poll(under.url)).toMatchObject({ status: 503 });
  expect(asked).toEqual(['poll']);
});
