import { expect, it } from 'vitest';
import { gwmoAlertTypes } from '#src/dm/objects/index.js';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

const report = (Type: string, Data: string) => ({
  Data: '1226',
  Item: [{ Source: { LocURI: './Inventory/1' }, Meta: { Type, Format: 'chr' }, Data }],
});

it('counts the same association of a gateway once, and a repeat only raises its count', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  const attached = report(gwmoAlertTypes.deviceAttached, 'urn:imei:1/1');
  expect((await client.visit({ alerts: [attached] })).alerts).toEqual(['200']);
  expect((await client.visit({ alerts: [attached, report(gwmoAlertTypes.deviceAttached, 'urn:imei:1/2')] })).alerts).toEqual([
    '200',
    '200',
  ]);
  expect(target.server.alerts().map(({ data, count }) => [data, count])).toEqual([
    ['urn:imei:1/1', 2],
    ['urn:imei:1/2', 1],
  ]);
});

it('keeps every other report each time, and a Client Event too', async () => {
  const target = await startServer();
  const ready = { ...report('Reversed-Domain-Name: org.example:ready', 'yes'), Correlator: 'job-1' };
  await new TestClient(target, device).visit({
    alerts: [ready, ready, { Data: '1224', Item: [{ Meta: { Type: 'com.example:login' }, Data: 'user' }] }],
  });
  expect(target.server.alerts().map(({ type, count }) => [type, count])).toEqual([
    ['org.example:ready', 1],
    ['org.example:ready', 1],
    ['com.example:login', 1],
  ]);
  expect(target.server.alerts()[0]).toMatchObject({ client: device.id, source: './Inventory/1', format: 'chr', correlator: 'job-1' });
});

it('drops the oldest reports beyond its bound', async () => {
  const target = await startServer({ limits: { alertRows: 2 } });
  const alerts = ['a', 'b', 'c'].map((data) => report('org.example:event', data));
  await new TestClient(target, device).visit({ alerts });
  expect(target.server.alerts().map(({ data }) => data)).toEqual(['b', 'c']);
});

it('refuses what is incomplete, too large or none of its business', async () => {
  const target = await startServer();
  const alerts = [{ Data: '1226', Item: [{ Data: 'no type' }] }, report('org.example:event', 'x'.repeat(16_385)), { Data: '1100' }];
  expect((await new TestClient(target, device).visit({ alerts })).alerts).toEqual(['412', '413', '406']);
  expect(target.server.alerts()).toEqual([]);
});
