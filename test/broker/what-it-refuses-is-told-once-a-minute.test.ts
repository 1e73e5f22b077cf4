import { expect, test } from 'vitest';
import { connectDevice, lamp, openBrokerUnderTest, refusesPublish } from './broker-under-test.js';

test('connections, by why and from where', async () => {
  const under = await openBrokerUnderTest();
  const told = () => under.log.filter(({ message }) => message === 'a connection to the broker is refused').map(({ fields }) => fields);
  for (let times = 0; times < 3; times += 1) await expect(connectDevice(under, lamp, { password: 'wrong' })).rejects.toThrow();
  expect(told()).toEqual([{ address: '127.0.0.1', why: expect.any(String) }]);
  under.clock.advance(60_000);
  expect(told().slice(1)).toEqual([{ reason: told()[0]?.['why'], source: '127.0.0.1', suppressed: 2 }]);
});

test('what a device may not do, by what and whom', async () => {
  const under = await openBrokerUnderTest();
  const told = () => under.log.filter(({ message }) => message === 'a device may not do this at the broker').map(({ fields }) => fields);
  for (let times = 0; times < 3; times += 1)
    expect(await refusesPublish(await connectDevice(under, lamp), `elsewhere/${times}`)).toBe(true);
  expect(told()).toEqual([{ device: lamp, topic: 'elsewhere/0', what: 'publish' }]);
  under.clock.advance(60_000);
  expect(told().slice(1)).toEqual([{ reason: 'publish', source: lamp, suppressed: 2 }]);
});
