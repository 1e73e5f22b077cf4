import { expect, test } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { neighbour, opened } from './multicast-site.js';
import { chain, response } from './packet-guard-probe.js';

/** Sends from somewhere, and then what is heard in any case: nothing overtakes on one machine. */
async function afterwards({ from, port }: Awaited<ReturnType<typeof opened>>, send: () => Promise<unknown>) {
  await send();
  const neighbourly = await neighbour('127.0.0.9', port);
  await neighbourly(response(1));
  await eventually('the neighbour', () => from('127.0.0.9')[0]);
}

test('what is too large, what is no message, what comes from off the link, and an answer from another port', async () => {
  const link = await opened();
  const [near, far] = [await neighbour('127.0.0.2', link.port), await neighbour('127.0.1.2', link.port)];
  const other = await neighbour('127.0.0.2', link.port, 0);
  await afterwards(link, async () => {
    await near(Buffer.concat([response(1), Buffer.alloc(9_000)]));
    for (const bytes of [Buffer.alloc(3), chain(1000), response(129)]) await near(bytes);
    for (let count = 0; count < 2; count += 1) await far(response(1));
    await other(response(1));
  });
  expect(link.dropped()).toEqual({ 'too-large': 1, malformed: 3, 'off-link': 2, 'wrong-port': 1 });
  expect(link.heard).toHaveLength(1);
});

test('what is more than one neighbour may say', async () => {
  const link = await opened();
  const loud = await neighbour('127.0.0.2', link.port);
  await afterwards(link, async () => {
    for (let count = 0; count < 50; count += 1) await loud(response(1));
  });
  expect(link.dropped()).toEqual({ 'too-many': 20 });
});

test('a stranger uses up nothing of what neighbours may say', async () => {
  const link = await opened();
  const far = await neighbour('127.0.1.2', link.port);
  await afterwards(link, async () => {
    for (let count = 0; count < 250; count += 1) {
      await far(response(1));
      if (count % 50 === 49) await eventually('that they came', () => (link.dropped()['off-link'] === count + 1 ? true : undefined));
    }
  });
  expect(link.dropped()).toEqual({ 'off-link': 250 });
});
