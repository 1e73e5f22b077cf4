import { expect, test } from 'vitest';
import { gwmoAlertTypes } from '#src/dm/objects/index.js';
import { declareOwnAccount, openGateway } from '../gateway-under-test.js';
import { FarServer, until } from '../peers.js';
import { grace, heard, lamp, openSite, type PresenceSite, queued, settle, told } from './presence-site.js';

function come({ under, see }: PresenceSite): void {
  see();
  under.clock.advance(settle);
}

function go({ under }: PresenceSite): void {
  under.gateway.sightings.gone(lamp, 'ssdp');
  under.clock.advance(grace);
}

test('with the number of the association that ends', async () => {
  const site = await openSite();
  come(site);
  go(site);
  await until(() => site.server.alerts.length === 2);
  expect(site.server.alerts[1]).toMatchObject({
    Data: '1226',
    Item: [{ Source: { LocURI: `./GwInventory/Records/${lamp}` }, Meta: { Type: gwmoAlertTypes.deviceDetached }, Data: `${lamp}/1` }],
  });
});

test('once, however often we are started and accounts change', async () => {
  const site = await openSite();
  come(site);
  go(site);
  await heard(site, 2);
  await site.under.stop();
  const again = await openGateway({ directory: site.under.directory });
  again.gateway.start();
  again.gateway.correlation.reconcile();
  expect(queued(again)).toEqual([]);
  await again.stop();
  expect(told(site.server)).toEqual([`attached ${lamp}/1`, `detached ${lamp}/1`]);
});

test('one that could not be queued is told after the next start', async () => {
  const site = await openSite({ admission: 'open' }, { limits: { outboxRows: 1 }, script: { httpStatus: 503 } });
  come(site);
  go(site);
  expect(queued(site.under)).toEqual([`attached:${lamp}/1`]);
  await site.under.stop();
  const again = await openGateway({ directory: site.under.directory });
  again.gateway.start();
  expect(again.store.outbox.count('gateway')).toBe(2);
});

test('a detachment waits until its attachment is taken, and the next attachment for the detachment', async () => {
  const refused = new Map([
    [`attached ${lamp}/1`, 2],
    [`detached ${lamp}/1`, 1],
  ]);
  const judge = (): string => {
    const last = told(site.server).at(-1) ?? '';
    const left = refused.get(last) ?? 0;
    refused.set(last, left - 1);
    return left > 0 ? '417' : '200';
  };
  const site: PresenceSite = await openSite({ admission: 'open' }, { script: { judge } });
  come(site);
  go(site);
  come(site);
  const { clock } = site.under;
  await until(() => {
    if (clock.pending().includes('departures')) clock.advance(site.under.settings.retry.cap);
    return told(site.server).at(-1) === `attached ${lamp}/2`;
  });
  const [a1, d1, a2] = [`attached ${lamp}/1`, `detached ${lamp}/1`, `attached ${lamp}/2`];
  expect(told(site.server)).toEqual([a1, a1, a1, d1, d1, a2]);
});

test('what waits for another does not wake us for nothing', async () => {
  const site = await openSite({ admission: 'open' }, { script: { judge: () => '417' } });
  come(site);
  await until(() => site.server.alerts.length === 1);
  await until(() => site.under.gateway.sessions().length === 0);
  const { requests } = site.server;
  site.under.gateway.sightings.gone(lamp, 'ssdp');
  const due = site.under.store.outbox.due();
  site.under.store.inventory.settlePresence(lamp, 'detached');
  site.under.gateway.correlation.detached(lamp);
  expect(site.under.store.outbox.count('gateway')).toBe(2);
  expect(site.under.store.outbox.due()).toEqual(due);
  expect(site.server.requests).toBe(requests);
});

test('a server that never heard that it came does not hear that it left', async () => {
  const site = await openSite();
  come(site);
  await heard(site, 1);
  const late = await FarServer.open({ serverId: 'late' });
  declareOwnAccount(site.under, late, { correlation: 'all' });
  go(site);
  await heard(site, 2);
  expect(site.under.store.outbox.outcome('gateway', 'late', `detached:${lamp}/1`)).toBeUndefined();
});

test('one that comes and goes for ever leaves a few rows', async () => {
  const site = await openSite();
  for (let round = 1; round <= 10; round += 1) {
    come(site);
    await heard(site, 2 * round - 1);
    go(site);
    await heard(site, 2 * round);
  }
  const outcome = (origin: string) => site.under.store.outbox.outcome('gateway', 'operator', origin);
  expect(outcome(`detached:${lamp}/10`)).toBe('delivered');
  for (let epoch = 1; epoch <= 8; epoch += 1) {
    expect([outcome(`attached:${lamp}/${epoch}`), outcome(`detached:${lamp}/${epoch}`)]).toEqual([undefined, undefined]);
  }
});

test('a device that is removed has left', async () => {
  const site = await openSite();
  come(site);
  site.under.gateway.forget(lamp);
  await heard(site, 2);
  expect(told(site.server)).toEqual([`attached ${lamp}/1`, `detached ${lamp}/1`]);
});
