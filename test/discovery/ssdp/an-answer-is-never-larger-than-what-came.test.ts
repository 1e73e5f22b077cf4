import { expect, test } from 'vitest';
import { answering, type Host, hostAt, type SsdpSite, search } from './ssdp-site.js';

/** What a host gets for a number of searches, with time enough between them. */
async function bytesFor({ port, clock, arrived }: SsdpSite, host: Host, searches: readonly string[]) {
  let sent = 0;
  for (const text of searches) {
    await host.say(text);
    sent += Buffer.byteLength(text);
    await arrived();
    clock.advance(1_000);
    await host.settled();
    expect(host.heardBytes(), `after ${sent} bytes at port ${port}`).toBeLessThanOrEqual(sent);
  }
  return { sent, got: host.heardBytes() };
}

test.each([
  'ssdp:all',
  'upnp:rootdevice',
  'uuid:11111111-2222-4333-8444-555555555555',
  'urn:schemas-openmobilealliance-org:device:DMGateway:1',
])('a search for %s is answered when those before have paid for it', async (target) => {
  const site = await answering();
  const host = await hostAt('127.0.7.2', site.port);
  const { got } = await bytesFor(
    site,
    host,
    Array.from({ length: 12 }, () => search(target)),
  );
  expect(got).toBeGreaterThan(0);
  expect(host.heard[0]).toContain('LOCATION: http://127.0.7.1:');
});

test('a large search is paid for at once, and gets one answer to ssdp:all', async () => {
  const site = await answering();
  const host = await hostAt('127.0.7.2', site.port);
  await bytesFor(site, host, [search('ssdp:all', [`USER-AGENT: ${'x'.repeat(1_200)}`])]);
  expect([host.heard.length, site.ssdp.drops.of('no-credit')]).toEqual([1, 0]);
  expect(host.heard[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)*ST: upnp:rootdevice\r\n/);
});

test('a source is answered once in a second, however much it has sent', async () => {
  const site = await answering();
  const host = await hostAt('127.0.7.2', site.port);
  const large = search('ssdp:all', [`USER-AGENT: ${'x'.repeat(1_200)}`]);
  for (let count = 0; count < 10; count += 1) await host.say(large);
  await site.arrived();
  site.clock.advance(0);
  await host.settled();
  expect(host.heard).toHaveLength(1);
  expect(site.ssdp.drops.of('no-credit')).toBe(9);
});

test('what came long ago pays for nothing', async () => {
  const site = await answering();
  const host = await hostAt('127.0.7.2', site.port);
  for (let count = 0; count < 4; count += 1) {
    await host.say(search('upnp:rootdevice'));
    await site.arrived();
    site.clock.advance(10_000);
  }
  await host.settled();
  expect(host.heard).toEqual([]);
});

test('what one address has sent does not pay for another', async () => {
  const site = await answering();
  const generous = await hostAt('127.0.7.2', site.port);
  const victim = await hostAt('127.0.7.3', site.port);
  await generous.say(search('ssdp:all', [`USER-AGENT: ${'x'.repeat(1_200)}`]));
  await victim.say(search('ssdp:all'));
  await site.arrived();
  site.clock.advance(5_000);
  await victim.settled();
  expect(victim.heardBytes()).toBe(0);
});

test('an answer waits for its moment within MX', async () => {
  const site = await answering({ entropy: { nonce: () => '', token: () => '', uuid: () => '', below: (end) => end - 1 } });
  const host = await hostAt('127.0.7.2', site.port);
  await host.say(search('ssdp:all', [`USER-AGENT: ${'x'.repeat(1_200)}`]).replace('MX: 1', 'MX: 99'));
  await site.arrived();
  site.clock.advance(4_998);
  await host.settled();
  expect(host.heard).toEqual([]);
  site.clock.advance(1);
  await host.settled();
  expect(host.heard).toHaveLength(1);
});
