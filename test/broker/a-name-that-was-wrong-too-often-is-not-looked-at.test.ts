import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { connectDevice, lamp, lock, openBrokerUnderTest } from './broker-under-test.js';

test('from there, for a while, at once and without a timer; another device of the address is let in', async () => {
  const counters = new Counters();
  const under = await openBrokerUnderTest({ counters });
  const guess = () => connectDevice(under, lock, { password: 'guessed' });
  for (let times = 0; times < 5; times += 1) await expect(guess()).rejects.toMatchObject({ code: 4 });
  const timers = under.clock.pending().length;
  await expect(guess()).rejects.toMatchObject({ code: 3 });
  await expect(connectDevice(under, lock)).rejects.toMatchObject({ code: 3 });
  expect(under.clock.pending().length).toBeLessThanOrEqual(timers + 1);
  await connectDevice(under, lamp);
  expect(counters.samples('postern_logins_refused_total')).toEqual([
    { labels: { door: 'broker', outcome: 'unproved' }, value: 5 },
    { labels: { door: 'broker', outcome: 'delayed' }, value: 2 },
  ]);
  under.clock.advance(1_000);
  await connectDevice(under, lock);
});

test('a name that nobody has is answered alike', async () => {
  const under = await openBrokerUnderTest();
  const codes = async (username: string) => {
    const answers: unknown[] = [];
    for (let times = 0; times < 7; times += 1) {
      const connecting = connectDevice(under, lock, { username, password: 'guessed' });
      await connecting.catch((error: { code: unknown }) => answers.push(error.code));
    }
    return answers;
  };
  expect(await codes('nobody')).toEqual(await codes(lock));
});
