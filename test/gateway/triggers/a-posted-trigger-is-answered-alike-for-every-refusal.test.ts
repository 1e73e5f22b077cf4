import { expect, test } from 'vitest';
import { gatewayOwner, isTriggerPath, triggerHandler } from '#src/gateway/index.js';
import { declareDevice, deviceId } from '../gateway-under-test.js';
import { openSite, type TriggerSite } from './trigger-site.js';

function post({ under }: TriggerSite, target: string, body: Uint8Array) {
  const { signal } = new AbortController();
  const about = { contentType: undefined, remoteAddress: '192.0.2.9', encrypted: true, signal };
  return triggerHandler(under.gateway.triggers)({ path: `/trigger/${target}`, body, ...about });
}

test('202 for what was taken, for the gateway and for a device by its percent-encoded DevId', async () => {
  const site = await openSite();
  declareDevice(site.under, [site.server], { id: 'urn:x/y:1' });
  expect(await post(site, gatewayOwner, site.trigger('A1B'))).toEqual({ status: 202 });
  expect(await post(site, 'urn%3Ax%2Fy%3A1', site.trigger('B', 'urn:x/y:1'))).toEqual({ status: 202 });
  expect(await post(site, 'urn%3Ax%2Fy%3A1', site.trigger('B', 'urn:x/y:1'))).toEqual({ status: 202 });
});

test('403 for whatever else', async () => {
  const site = await openSite();
  declareDevice(site.under);
  const answers = [
    await post(site, gatewayOwner, site.trigger('1', gatewayOwner, { password: 'guessed' })),
    await post(site, gatewayOwner, site.trigger('1', gatewayOwner, { serverId: 'unknown' })),
    await post(site, gatewayOwner, Buffer.from('no trigger')),
    await post(site, 'urn:imei:1', site.trigger('1')),
    await post(site, deviceId, site.trigger('1')),
    await post(site, '%', site.trigger('1')),
    await post(site, '%ff', site.trigger('1')),
  ];
  for (const answer of answers) expect(answer).toEqual({ status: 403, close: true });
  expect(site.server.requests).toBe(0);
});

test('only below /trigger/', () => {
  expect(['/trigger/gateway', '/trigger/', '/dm', '/'].map(isTriggerPath)).toEqual([true, false, false, false]);
});
