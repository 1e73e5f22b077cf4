import { expect, it } from 'vitest';
import { createControlClient } from '#src/control/index.js';
import { knownDevice, MemoryGateway } from './memory-gateway.js';
import { serveGateway } from './served.js';

it.each(['urn:imei:490154203237518', 'IMEI:1/2', 'a%2Fb%25c', 'x?y#z&w', 'plus+plus', '...'])('%s', async (id) => {
  const gateway = new MemoryGateway();
  gateway.devices.set(id, knownDevice(id));
  const client = createControlClient({ socket: await serveGateway(gateway) });
  expect(await client.showDevice({ id })).toEqual(knownDevice(id));
  await client.removeDevice({ id });
  expect(gateway.devices.size).toBe(0);
});

it('of a device in the query too', async () => {
  const gateway = new MemoryGateway();
  const client = createControlClient({ socket: await serveGateway(gateway) });
  await client.testAccount({ serverId: 'https://dm.example/a', device: 'urn:x?a=b&c' });
  expect(gateway.calls).toEqual([['testAccount', { serverId: 'https://dm.example/a', device: 'urn:x?a=b&c' }]]);
});
