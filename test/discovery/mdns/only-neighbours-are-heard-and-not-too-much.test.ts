import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, silentLog } from '#src/base/index.js';
import { lanOf } from '#src/discovery/index.js';
import { type MdnsMessage, openMdnsLink } from '#src/discovery/mdns/link.js';
import { eventually } from '../../e2e/eventually.js';
import { loopback, neighbour, opened } from './multicast-site.js';
import { chain, message, response } from './packet-guard-probe.js';

test('a neighbour is heard, after all the junk that it sends', async () => {
  const { heard, from, port } = await opened();
  const send = await neighbour('127.0.0.2', port);
  const whole = response(3);
  const junk = [Buffer.alloc(0), Buffer.alloc(12, 0xff), chain(4000), message(Buffer.alloc(8_000), { answers: 65_535 }), response(200)];
  const cut = [14, 30, whole.length - 1].map((at) => whole.subarray(0, at));
  for (const bytes of [...junk, ...cut, whole]) await send(bytes);
  await eventually('the message', () => from('127.0.0.2').at(-1));
  expect(heard).toHaveLength(1);
  expect(heard[0]?.answers).toHaveLength(3);
});

test('who is not on the link is not heard', async () => {
  const { heard, from, port } = await opened();
  const [far, near] = [await neighbour('127.0.1.2', port), await neighbour('127.0.0.2', port)];
  await far(response(1));
  await near(response(1));
  await eventually('the neighbour', () => from('127.0.0.2')[0]);
  expect(heard).toHaveLength(1);
});

test('an answer from another port is none', async () => {
  const { heard, from, port } = await opened();
  const [other, proper] = [await neighbour('127.0.0.2', port, 0), await neighbour('127.0.0.3', port)];
  await other(response(1));
  await proper(response(1));
  await eventually('the neighbour', () => from('127.0.0.3')[0]);
  expect(heard).toHaveLength(1);
});

test('a neighbour that floods is heard thirty times in a second, and others still are', async () => {
  const { from, port } = await opened();
  const [loud, quiet] = [await neighbour('127.0.0.2', port), await neighbour('127.0.0.3', port)];
  for (let round = 0; round < 60; round += 1) await loud(response(1));
  await quiet(response(1));
  await eventually('the quiet one', () => from('127.0.0.3')[0]);
  expect(from('127.0.0.2')).toHaveLength(30);
});

test('many of them together are heard two hundred times in a second', async () => {
  const { heard, port } = await opened();
  // Another socket hears the marker alone: when it has come, so has all that was sent before.
  const markers: MdnsMessage[] = [];
  const lan = { ...lanOf('lo', { lo: [loopback] }), isOnLink: (address: string) => address === '127.0.0.99' };
  const watcher = await openMdnsLink({ lan, port, take: (one) => markers.push(one), clock: new ManualClock(), log: silentLog });
  onTestFinished(() => watcher.close());
  const mark = await neighbour('127.0.0.99', port);
  for (let host = 2; host < 12; host += 1) {
    const send = await neighbour(`127.0.0.${host}`, port);
    for (let round = 0; round < 25; round += 1) await send(response(1));
    await mark(response(1));
    await eventually('the marker', () => markers[host - 2]);
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  }
  expect(heard).toHaveLength(200);
});
