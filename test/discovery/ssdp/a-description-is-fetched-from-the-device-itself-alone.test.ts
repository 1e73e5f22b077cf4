import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Log } from '#src/base/index.js';
import { silentLog } from '#src/base/index.js';
import { eventually } from '../../e2e/eventually.js';
import { alive, describedAt, description, deviceId, hostAt, soon, ssdpSite } from './ssdp-site.js';

const address = '127.0.7.2';

async function watched() {
  const refusals: string[] = [];
  const log: Log = { ...silentLog, info: (fields) => void ('why' in fields && refusals.push(String(fields.why))) };
  const site = await ssdpSite({ log });
  const device = await hostAt(address, site.port);
  const refused = () => eventually('the refusal', () => refusals[0]);
  return { ...site, device, refused };
}

async function counted(at: string) {
  const requests: string[] = [];
  const location = await describedAt(at, (request, response) => {
    requests.push(request.url ?? '');
    response.end(description(deviceId));
  });
  return { location, requests };
}

test.each([
  ['another host of the network', (url: string) => url.replace(address, '127.0.7.3')],
  ['the gateway', (url: string) => url.replace(address, '127.0.7.1')],
  ['a host elsewhere', (url: string) => url.replace(address, '127.0.8.2')],
  ['a name', (url: string) => url.replace(address, 'localhost')],
  ['https', (url: string) => url.replace('http:', 'https:')],
  ['a file', () => 'file:///etc/passwd'],
  ['somebody with a password', (url: string) => url.replace('//', '//admin:admin@')],
  ['port 0', () => `http://${address}:0/desc.xml`],
  ['something too long', (url: string) => url + 'x'.repeat(512)],
  ['something that is no URL', () => 'desc.xml'],
])('a location of %s is never asked', async (_what, change) => {
  const { device, arrived, seen, ssdp } = await watched();
  const { location, requests } = await counted('0.0.0.0');
  await device.say(alive(change(location.replace('0.0.0.0', address))));
  await arrived();
  await soon();
  expect([requests, seen, ssdp.drops.of('malformed')]).toEqual([[], [], 2]);
});

test('a redirect is not followed', async () => {
  const { device, seen, refused } = await watched();
  const elsewhere = await counted('127.0.7.3');
  const same = await counted(address);
  for (const { location } of [elsewhere, same]) {
    const from = await describedAt(address, (_request, response) => response.writeHead(302, { location }).end());
    await device.say(alive(from));
    expect(await refused()).toContain('the answer is 302');
  }
  expect([elsewhere.requests, same.requests, seen]).toEqual([[], [], []]);
});

test.each([
  ['announced', { 'content-length': '1000000' }],
  ['unannounced', {}],
])('one that is too large is not read on, %s', async (_what, headers) => {
  const { ssdp, device, seen, refused } = await watched();
  let sent = 0;
  const location = await describedAt(address, (_request, response) => {
    response.writeHead(200, headers);
    const more = () => {
      while (!response.destroyed && sent < 50_000_000) {
        sent += 10_000;
        if (!response.write('x'.repeat(10_000))) return void response.once('drain', more);
      }
    };
    more();
  });
  await device.say(alive(location));
  expect(await refused()).toContain('more than 65536 bytes');
  expect([seen, ssdp.drops.of('description')]).toEqual([[], 1]);
  expect(sent).toBeLessThan(50_000_000);
});

test.each([
  ['silent', () => {}],
  ['slow', (write: (text: string) => void) => write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<')],
])('one that is %s is given up', async (_what, say) => {
  const { device, seen, clock, refused } = await watched();
  const said = new Promise<string>((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        say((text) => socket.write(text));
        resolve('asked');
      });
    });
    server.listen(0, address, () => {
      const bound = server.address();
      void device.say(alive(`http://${address}:${typeof bound === 'object' ? bound?.port : 0}/`));
    });
    onTestFinished(() => void server.close());
  });
  await said;
  clock.advance(3_000);
  expect(await refused()).toContain('not there within 3 s');
  expect(seen).toEqual([]);
});

test.each([
  ['is that of another device', description('urn:uuid:00000000-0000-4000-8000-000000000001'), 'that of another device'],
  [
    'hides its UDN in a part',
    `<root><device><deviceList>${description(deviceId).slice(21)}</deviceList></device></root>`,
    'that of another device',
  ],
  ['has a document type', `<!DOCTYPE root SYSTEM "http://127.0.7.3/x">${description(deviceId).slice(21)}`, 'document type'],
  ['has entities', `<!DOCTYPE a [<!ENTITY b "c">]>${description(deviceId).slice(21)}`, 'document type'],
  ['is no XML', 'hello', 'root element'],
  ['is of something else', '<scpd/>', 'describes no device'],
  ['is cut off', description(deviceId).slice(0, 300), 'before it is complete'],
  ['is nested too deep', '<a>'.repeat(100), 'nested deeper'],
  ['has too many elements', `<root>${'<a/>'.repeat(3_000)}</root>`, 'more than 2000 elements'],
])('one that %s is not taken', async (_what, xml, why) => {
  const { device, seen, refused } = await watched();
  await device.say(alive(await describedAt(address, xml)));
  expect(await refused()).toContain(why);
  expect(seen).toEqual([]);
});

test('one that is not UTF-8 is not taken', async () => {
  const { device, seen, refused } = await watched();
  await device.say(
    alive(
      await describedAt(address, (_request, response) =>
        response.end(Buffer.from(description(deviceId).replace('Lamp', 'Lämp'), 'latin1')),
      ),
    ),
  );
  expect(await refused()).toContain('UTF-8');
  expect(seen).toEqual([]);
});

test('one that cannot be reached is not taken', async () => {
  const { device, seen, refused } = await watched();
  await device.say(alive(`http://${address}:1/`));
  expect(await refused()).toContain('ECONNREFUSED');
  expect(seen).toEqual([]);
});
