import { expect, test } from 'vitest';
import { at, connectDevice, declare, granted, lamp, lock, openBrokerUnderTest, passwordOf } from './broker-under-test.js';

test('with its southern user name and password, under any client id', async () => {
  const under = await openBrokerUnderTest();
  for (const clientId of ['', 'anything', '__proto__', 'constructor', lock]) {
    const { client } = await connectDevice(under, lamp, { clientId });
    expect(client.connected).toBe(true);
  }
});

test.each([
  ['a wrong password', { password: 'guessed' }, 4],
  ['the password of another', { password: passwordOf(lock) }, 4],
  ['an unknown name', { username: 'urn:uuid:nobody' }, 4],
  ['nothing', { username: '', password: '' }, 4],
] as const)('not with %s', async (_what, options, code) => {
  const under = await openBrokerUnderTest();
  await expect(connectDevice(under, lamp, options)).rejects.toMatchObject({ code });
});

test('not while it is not admitted, and thrown out when it no longer is', async () => {
  const admitted = new Set([lamp]);
  const under = await openBrokerUnderTest({ admits: ({ id }) => admitted.has(id) });
  await expect(connectDevice(under, lock)).rejects.toMatchObject({ code: 5 });
  const { closed } = await connectDevice(under, lamp);
  admitted.clear();
  under.broker.recheck();
  await closed;
});

test('devices with one user name are told apart by their passwords, and with one password too by the client id', async () => {
  const under = await openBrokerUnderTest();
  for (const [id, password] of [
    ['urn:x:1', 'a'],
    ['urn:x:2', 'b'],
    ['urn:x:3', 'b'],
  ] as const)
    declare(under.store, id, password, 'shared');
  const connect = (password: string, clientId: string) => connectDevice(under, 'shared', { password, clientId });
  const one = await connect('a', 'any');
  const three = await connect('b', 'urn:x:3');
  expect([await granted(one, at('urn:x:1', '#')), await granted(one, at('urn:x:3', '#'))]).toEqual([1, 128]);
  expect([await granted(three, at('urn:x:3', '#')), await granted(three, at('urn:x:2', '#'))]).toEqual([1, 128]);
  await expect(connect('b', 'any')).rejects.toMatchObject({ code: 4 });
});

test("one device's client id takes no other device's place, and its own takes the earlier one's", async () => {
  const under = await openBrokerUnderTest();
  const first = await connectDevice(under, lamp, { clientId: 'same' });
  const other = await connectDevice(under, lock, { clientId: 'same' });
  expect(await granted(first, at(lamp, '#'))).toBe(1);
  const second = await connectDevice(under, lamp, { clientId: 'same' });
  await first.closed;
  expect([await granted(second, at(lamp, '#')), await granted(other, at(lock, '#'))]).toEqual([1, 1]);
});

test('MQTT 5 is refused with what is spoken here', async () => {
  const under = await openBrokerUnderTest();
  await expect(connectDevice(under, lamp, { protocolVersion: 5 })).rejects.toThrow();
  expect(under.sightings).toEqual([]);
});
