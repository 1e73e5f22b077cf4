import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { alive, answering, describedAt, description, deviceId, hostAt, memberAt, search } from './ssdp-site.js';

const large = search('ssdp:all', [`USER-AGENT: ${'x'.repeat(1_200)}`]);

test('a search from elsewhere is dropped, whatever it has paid', async () => {
  const site = await answering();
  const stranger = await hostAt('127.0.8.2', site.port);
  const sources = await Promise.all([3, 4, 5, 6].map((last) => hostAt(`127.${last}.0.${last}`, site.port)));
  for (const source of [stranger, ...sources]) for (let count = 0; count < 5; count += 1) await source.say(large);
  await site.arrived();
  site.clock.advance(5_000);
  for (const source of [stranger, ...sources]) {
    await source.settled();
    expect(source.heardBytes()).toBe(0);
  }
  expect(site.ssdp.drops.of('off-link')).toBe(25);
});

test('an announcement from elsewhere is dropped', async () => {
  const site = await answering();
  const stranger = await hostAt('127.0.8.2', site.port);
  let asked = 0;
  const location = await describedAt('127.0.8.2', (_request, response) => {
    asked += 1;
    response.end(description(deviceId));
  });
  await stranger.say(alive(location));
  await site.arrived();
  expect([site.ssdp.drops.of('off-link'), asked, site.seen]).toEqual([1, 0, []]);
});

test('what is sent to our own address instead of the group reaches nobody', async () => {
  const site = await answering();
  const member = await memberAt('127.0.7.3', site.port);
  const host = await hostAt('127.0.7.2', site.port);
  await host.say(large, { address: '127.0.7.1', port: site.port });
  await host.say(large, { address: '127.0.0.1', port: site.port });
  await site.arrived();
  site.clock.advance(5_000);
  await Promise.all([member.settled(), host.settled()]);
  expect(host.heardBytes()).toBe(0);
});

test('the description is served to the network alone', async () => {
  const site = await answering();
  const host = await hostAt('127.0.7.2', site.port);
  await host.say(large);
  await site.arrived();
  site.clock.advance(1_000);
  await host.settled();
  const url = new URL(/LOCATION: (\S+)/.exec(host.heard[0] ?? '')?.[1] ?? '');
  expect(await bytesFrom(url, '127.0.7.2')).toContain('200 OK');
  expect(await bytesFrom(url, '127.0.8.2')).toBe('');
});

function bytesFrom(url: URL, localAddress: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: url.hostname, port: Number(url.port), localAddress });
    socket.on('data', (bytes) => {
      text += bytes.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
  });
}
