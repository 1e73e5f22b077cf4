import { expect, test } from 'vitest';
import { PosternError } from '#src/base/index.js';
import { eventually } from '../../e2e/eventually.js';
import { alive, answering, describedAt, description, deviceId, hostAt, loopbackLan, memberAt, soon, ssdpSite } from './ssdp-site.js';

const interval = 900_000;

test('it is open again at its new address', async () => {
  let address: string | undefined = '127.0.7.1';
  const lanOf = () => {
    if (address === undefined) throw new PosternError('discovery.interface', { device: 'lo', known: '' });
    return loopbackLan(address);
  };
  const site = await answering({ lanOf });
  const device = await hostAt('127.0.7.2', site.port);
  const location = await describedAt('127.0.7.2', description(deviceId));
  const member = await memberAt('127.0.7.2', site.port);
  address = undefined;
  site.clock.advance(interval);
  while (site.clock.pending().length === 0) await soon();
  address = '127.0.7.5';
  site.clock.advance(interval);
  await eventually('it is announced there', () => member.heard.find((text) => text.includes('LOCATION: http://127.0.7.5:')));
  await eventually('the device', async () => {
    await device.say(alive(location));
    return site.seen[0];
  });
});

test('one that is not there at the start is told', async () => {
  const opening = ssdpSite({
    lanOf: () => {
      throw new PosternError('discovery.interface', { device: 'br-lan', known: 'lo' });
    },
  });
  await expect(opening).rejects.toMatchObject({ code: 'discovery.interface' });
});

test('an address that is not ours is told', async () => {
  await expect(ssdpSite({ lanOf: () => loopbackLan('203.0.113.9') })).rejects.toMatchObject({ code: 'wire.listen' });
});

test('a port that is taken is told, and leaves nothing open', async () => {
  const location = new URL(await describedAt('127.0.7.1', ''));
  const respond = { port: Number(location.port), facts: () => ({ name: 'x', serverId: 'y' }) };
  await expect(ssdpSite({ respond })).rejects.toMatchObject({ code: 'wire.listen', details: { address: location.host } });
});
