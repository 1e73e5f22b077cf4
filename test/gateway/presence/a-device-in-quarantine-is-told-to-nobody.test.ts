import { expect, test } from 'vitest';
import { get, results, statuses } from '../commands.js';
import { accountAt, declareDevice, declareOwnAccount, deviceId } from '../gateway-under-test.js';
import { FarDevice, FarServer, until } from '../peers.js';
import { heard, lamp, minute, openSite, told } from './presence-site.js';

const records = './GwInventory/Records';

test('neither while it is unknown, nor in the inventory that servers read, whatever their policy', async () => {
  const batches = [[get('r', records), get('s', `${records}/${lamp}/Status`), get('o', `${records}/${deviceId}/Status`)]];
  const site = await openSite({}, { script: { batches } });
  site.see({ heartbeat: minute });
  site.under.clock.advance(90 * minute);
  site.under.gateway.correlation.reconcile();
  declareDevice(site.under);
  await new FarDevice(site.under.url).session();
  await heard(site, 1);
  expect(told(site.server)).toEqual([`attached ${deviceId}/1`]);
  expect(results(site.server.replies)[0]).toBe(`${records}=${deviceId}`);
  expect(statuses(site.server.replies)).toEqual(['r=200', 's=404', 'o=200']);
});

test('one that is put there has left for everybody, and its sessions end', async () => {
  const site = await openSite();
  const { under, server } = site;
  declareDevice(under, [], { polling: 'never' });
  await new FarDevice(under.url).session();
  await heard(site, 1);
  expect(under.gateway.presence.quarantine(deviceId)).toBe(true);
  await heard(site, 2);
  expect(told(server)).toEqual([`attached ${deviceId}/1`, `detached ${deviceId}/1`]);
  server.batches = [[get('r', records), get('s', `${records}/${deviceId}/Status`)]];
  const account = under.store.accounts.get('gateway', 'operator') ?? expect.fail('there is one');
  await under.gateway.tryAccount(account);
  expect(statuses(server.replies)).toEqual(['r=200', 's=404']);
  expect(results(server.replies)[0]).toBe(`${records}=`);
  expect((await new FarDevice(under.url).session()).reason).not.toBe('complete');
  expect(under.gateway.presence.admit(deviceId)).toBe(true);
  expect((await new FarDevice(under.url).session()).reason).toBe('complete');
  await heard(site, 3);
  expect(told(server).at(-1)).toBe(`attached ${deviceId}/2`);
});

test('what it reported before waits until it is admitted', async () => {
  const { under } = await openSite();
  const manages = await FarServer.open({ serverId: 'manages' });
  declareDevice(under, [manages], { polling: 'never' });
  under.gateway.presence.quarantine(deviceId);
  const now = under.clock.now();
  const alert = JSON.stringify({ Data: '1226', Item: [{ Meta: { Type: 't', Format: 'chr' }, Data: 'x' }] });
  under.store.outbox.enqueue({ owner: deviceId, serverId: 'manages', origin: 'alert:1', alert, createdAt: now, nextAt: now });
  under.gateway.correlation.reconcile();
  await until(() => under.clock.pending().includes('departures'));
  expect(manages.requests).toBe(0);
  under.gateway.presence.admit(deviceId);
  under.clock.advance(under.settings.retry.cap);
  await until(() => manages.alerts.length === 1);
});

test('in transparent mode it is let out no more, by its password or by its address', async () => {
  const allow = [{ host: 'dm.example', port: 443 }];
  const { under } = await openSite({}, { transparent: { allow, addresses: new Map([['192.0.2.9', deviceId]]) } });
  declareDevice(under, [], { mode: 'transparent' });
  const authorization = `Basic ${Buffer.from('device:device-password').toString('base64')}`;
  const known = () => [
    under.gateway.gatekeeper.identify({ address: '192.0.2.9', encrypted: true }),
    under.gateway.gatekeeper.identify({ address: '192.0.2.8', encrypted: true, authorization }),
  ];
  expect(known()).toEqual([deviceId, deviceId]);
  under.gateway.presence.quarantine(deviceId);
  expect(known()).toEqual([undefined, undefined]);
});

test('an account that comes later hears nothing of it either', async () => {
  const { under } = await openSite();
  declareDevice(under);
  await new FarDevice(under.url).session();
  under.gateway.presence.quarantine(deviceId);
  const late = await FarServer.open({ serverId: 'late' });
  declareOwnAccount(under, late);
  under.store.accounts.declare(accountAt(late, deviceId));
  under.gateway.correlation.reconcile();
  expect(under.store.outbox.pending('gateway', 'late')).toEqual([]);
});

test('a session that was open when it was put there attaches nothing', async () => {
  const { under, see, presence } = await openSite({});
  see();
  under.gateway.presence.contact(lamp);
  under.gateway.presence.unreachable(lamp);
  see({ by: 'session' });
  expect(presence()).toBe('quarantined');
  expect(under.store.outbox.count('gateway')).toBe(0);
});
