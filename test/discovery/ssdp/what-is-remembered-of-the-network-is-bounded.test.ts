import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, silentLog, systemEntropy } from '#src/base/index.js';
import { AnswerCredit } from '#src/discovery/ssdp/answer-credit.js';
import { AnswerFence } from '#src/discovery/ssdp/answer-fence.js';
import { Drops } from '#src/discovery/ssdp/drops.js';
import { Finder } from '#src/discovery/ssdp/finder.js';
import { description, gatewayId } from './ssdp-site.js';

const idOf = (at: number) => `urn:uuid:00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`;
const addressOf = (at: number) => `10.0.${at >> 8}.${at & 255}`;

test('devices of a whole network: 1024', async () => {
  const server = createServer((request, response) => response.end(description(decodeURIComponent((request.url ?? '').slice(2)))));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const clock = new ManualClock();
  const drops = new Drops();
  const seen = new Set<string>();
  let one = () => {};
  const sightings = {
    seen: ({ id }: { readonly id: string }) => {
      seen.add(id);
      one();
    },
    gone: () => {},
  };
  const finder = new Finder({ address: '127.0.7.1', devId: gatewayId, sightings, drops, clock, log: silentLog });
  const hear = (at: number, host: number) => {
    const address = `127.0.7.${host}`;
    finder.heard({ id: idOf(at), address, location: new URL(`http://${address}:${port}/?${idOf(at)}`), heartbeat: 86_400_000 });
  };
  for (let at = 0; at < 1_024; at += 1) {
    if (at === 512) clock.advance(60_000);
    hear(at, 2 + (at % 64));
    while (at % 4 === 3 && seen.size <= at) {
      await new Promise<void>((resolve) => {
        // A turn later their fetches are over, too.
        one = () => setImmediate(resolve);
      });
    }
  }
  hear(1_024, 100);
  expect([seen.size, drops.of('no-room'), drops.of('too-many')]).toEqual([1_024, 1, 0]);
});

test('answers that wait for their moment: 64', () => {
  const clock = new ManualClock();
  const drops = new Drops();
  const fence = new AnswerFence({ clock, drops, entropy: { ...systemEntropy, below: () => 100 } });
  let sent = 0;
  for (let at = 0; at < 65; at += 1) {
    const from = { address: addressOf(at), port: 1_900 };
    fence.during({ ...from, bytes: 1_000, wait: 1 }, () => fence.answer(Buffer.alloc(500), from, () => sent++));
  }
  clock.advance(1_000);
  expect([sent, drops.of('too-many')]).toEqual([64, 1]);
});

test('addresses that have paid for an answer: 1024, until one of them has been silent', () => {
  const clock = new ManualClock();
  const credit = new AnswerCredit(clock);
  const paid = (at: number) => {
    credit.received(addressOf(at), 1_000);
    return credit.pays(addressOf(at), 500);
  };
  expect(Array.from({ length: 1_025 }, (_, at) => paid(at)).filter((one) => !one)).toHaveLength(1);
  clock.advance(10_000);
  expect(paid(1_024)).toBe(true);
});
