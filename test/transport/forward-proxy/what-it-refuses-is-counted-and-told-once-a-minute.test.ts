import { expect, test } from 'vitest';
import { Counters, ManualClock, silentLog } from '#src/base/index.js';
import { connectRaw } from '../raw-peer.js';
import { connectHead, headOf, proxyUnderTest } from './proxy-under-test.js';

type Line = [fields: object, message: string];

/** A proxy that counts, and the warnings of its log. */
async function watched(options: Parameters<typeof proxyUnderTest>[0] = {}) {
  const counters = new Counters();
  const clock = new ManualClock();
  const lines: Line[] = [];
  const log = { ...silentLog, warn: (fields: object, message: string) => void lines.push([fields, message]) };
  const proxy = await proxyUnderTest({ counts: { counters, door: 'proxy' }, log, clock, ...options });
  const counted = () =>
    Object.fromEntries(counters.samples('postern_requests_refused_total').map(({ labels, value }) => [labels['status'], value]));
  return { proxy, clock, lines, counted };
}

async function thrice(port: number, head: string): Promise<string> {
  let answer = '';
  for (let times = 0; times < 3; times += 1) {
    const peer = connectRaw(port);
    peer.write(head);
    answer = await peer.closed;
  }
  return answer;
}

test.each([
  [
    'a place that it may not go to',
    '403',
    { gatekeeper: { permits: () => false } },
    /may not go there/,
    { device: 'lamp', why: 'target is not allowed' },
  ],
  ['more at once than it may', '429', { limits: { perDevice: 0 } }, /as many connections open/, { device: 'lamp', target: '127.0.0.1:9' }],
  [
    'a name that leads nowhere',
    '502',
    { resolve: async () => [] },
    /no connection to its server/,
    { device: 'lamp', target: 'dm.example:9' },
  ],
])('of a device: %s', async (_what, status, options, message, fields) => {
  const { proxy, clock, lines, counted } = await watched(options);
  const host = status === '502' ? 'dm.example' : '127.0.0.1';
  expect(await thrice(proxy.port, connectHead(9, 'lamp', host))).toContain(`HTTP/1.1 ${status} `);
  expect(counted()).toEqual({ [status]: 3 });
  expect(lines).toEqual([
    [expect.objectContaining({ ...fields, status: Number(status), address: '127.0.0.1' }), expect.stringMatching(message)],
  ]);
  clock.advance(60_000);
  expect(lines.slice(1)).toEqual([[{ reason: expect.any(String), source: 'lamp', suppressed: 2 }, lines[0]?.[1]]]);
});

test.each([
  ['nobody known', '407', headOf('CONNECT 127.0.0.1:9 HTTP/1.1', 'Host: 127.0.0.1:9')],
  ['no form of a proxy', '400', headOf('GET /dm HTTP/1.1', 'Host: localhost')],
  ['no HTTP', '400', headOf('hello')],
])('%s', async (_what, status, head) => {
  const { proxy, clock, lines, counted } = await watched();
  expect(await thrice(proxy.port, head)).toContain(`HTTP/1.1 ${status} `);
  expect(counted()).toEqual({ [status]: 3 });
  expect(lines).toMatchObject([[{ status: Number(status), address: '127.0.0.1' }, 'a request to the forward proxy is refused']]);
  clock.advance(60_000);
  expect(lines.slice(1)).toMatchObject([[{ source: '127.0.0.1', suppressed: 2 }, 'a request to the forward proxy is refused']]);
});
