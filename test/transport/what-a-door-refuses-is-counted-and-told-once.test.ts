import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Counters, ManualClock, silentLog } from '#src/base/index.js';
import { endpointUnderTest, roomyLimits } from './endpoint-under-test.js';
import { connectRaw } from './raw-peer.js';

const refused = 'GET /dm HTTP/1.1\r\nHost: localhost\r\n\r\n';

test('requests, by door and status; the log has one line for them in a minute', async () => {
  const counters = new Counters();
  const clock = new ManualClock();
  const lines: [object, string][] = [];
  const log = { ...silentLog, warn: (fields: object, message: string) => void lines.push([fields, message]) };
  const endpoint = await endpointUnderTest({ counts: { counters, door: 'trigger' }, log, clock });
  for (let times = 0; times < 3; times += 1) {
    const peer = connectRaw(endpoint.port);
    peer.write(refused);
    expect(await peer.closed).toContain('HTTP/1.1 405');
  }
  expect(counters.samples('postern_requests_refused_total')).toEqual([{ labels: { door: 'trigger', status: '405' }, value: 3 }]);
  expect(lines).toMatchObject([[{ address: '127.0.0.1', status: 405 }, 'a request is refused']]);
  clock.advance(60_000);
  expect(lines.slice(1)).toMatchObject([[{ source: '127.0.0.1', suppressed: 2 }, 'a request is refused']]);
});

test.each([
  ['of one address', { perAddress: 1 }],
  ['of all', { maxConnections: 1 }],
])('connections beyond the limit %s', async (_, limit) => {
  const counters = new Counters();
  const endpoint = await endpointUnderTest({ counts: { counters, door: 'south' }, limits: { ...roomyLimits, ...limit } });
  const first = connect(endpoint.port, '127.0.0.1');
  onTestFinished(() => void first.destroy());
  await new Promise((resolve) => first.once('connect', resolve));
  const second = connectRaw(endpoint.port);
  await second.closed;
  expect(counters.samples('postern_connections_refused_total')).toEqual([{ labels: { door: 'south' }, value: 1 }]);
});
