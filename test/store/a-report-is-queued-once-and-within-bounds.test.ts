import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { account, alert, device, openStore, temporaryDirectory } from './store-fixture.js';

const day = 86_400_000;

it('queues an origin once for each server and owner, settled or not', () => {
  const { outbox } = openStore(temporaryDirectory());
  expect(outbox.enqueue(alert)).toBe(true);
  expect(outbox.enqueue(alert)).toBe(false);
  expect(outbox.enqueue({ ...alert, serverId: 'other' })).toBe(true);
  expect(outbox.enqueue({ ...alert, owner: device.id })).toBe(true);
  outbox.settle(1, 'delivered', 0);
  expect(outbox.enqueue(alert)).toBe(false);
});

it('forgets what a device reported when it is long settled, and never what the gateway told of its devices', () => {
  const { outbox } = openStore(temporaryDirectory());
  const ofDevice = { ...alert, owner: device.id };
  for (const report of [alert, ofDevice]) outbox.enqueue(report);
  outbox.settle(1, 'delivered', 0);
  outbox.settle(2, 'delivered', 0);
  outbox.prune(1);
  expect(outbox.enqueue(alert)).toBe(false);
  expect(outbox.enqueue(ofDevice)).toBe(true);
});

it('gives what is unsettled, the oldest first, when something is due, and where it goes', () => {
  const { accounts, outbox } = openStore(temporaryDirectory());
  accounts.declare({ ...account, owner: gatewayOwner });
  for (const origin of ['a', 'b', 'c']) outbox.enqueue({ ...alert, origin, nextAt: 100 });
  outbox.enqueue({ ...alert, serverId: 'other', nextAt: 50 });
  outbox.settle(2, 'refused', 0);
  outbox.postpone(1, 300);
  expect(outbox.pending(gatewayOwner, 'operator').map(({ origin, attempts, nextAt }) => [origin, attempts, nextAt])).toEqual([
    ['a', 1, 300],
    ['c', 0, 100],
  ]);
  expect(outbox.due()).toEqual([
    { owner: gatewayOwner, serverId: 'operator', address: account.address, nextAt: 100 },
    { owner: gatewayOwner, serverId: 'other', address: '', nextAt: 50 },
  ]);
  expect(outbox.count(gatewayOwner)).toBe(3);
});

it('settles once, and tells what has become of a report until that is forgotten', () => {
  const { outbox } = openStore(temporaryDirectory());
  const report = { ...alert, owner: device.id };
  const outcome = () => outbox.outcome(report.owner, report.serverId, report.origin);
  expect(outcome()).toBeUndefined();
  outbox.enqueue(report);
  expect(outcome()).toBe('pending');
  outbox.settle(1, 'delivered', 10);
  outbox.settle(1, 'refused', 1_000);
  expect(outcome()).toBe('delivered');
  outbox.prune(11);
  expect(outcome()).toBeUndefined();
  expect(outbox.enqueue(report)).toBe(true);
});

it('refuses what is beyond an owner’s share, and takes it when there is room', () => {
  const warnings: string[] = [];
  const log = { debug() {}, info() {}, error() {}, warn: (_fields: object, message: string) => void warnings.push(message) };
  const { outbox } = openStore(temporaryDirectory(), { limits: { outboxRows: 2 }, log });
  const take = (origin: string, owner = gatewayOwner) => outbox.enqueue({ ...alert, origin, owner });
  expect([take('a'), take('b'), take('c'), take('c', device.id)]).toEqual([true, true, false, true]);
  expect(warnings).toEqual([expect.stringMatching(/is full/)]);
  outbox.settle(1, 'delivered', 0);
  expect(take('c')).toBe(true);
});

it('refuses what is beyond an owner’s share of bytes, whatever their number, and takes an object of any size first', () => {
  const { outbox } = openStore(temporaryDirectory(), { limits: { outboxBytes: 1_000 } });
  const take = (origin: string, bytes: number, owner: string = gatewayOwner) =>
    outbox.enqueue({ ...alert, origin, owner, alert: 'é'.repeat(bytes / 2) });
  expect([take('a', 600), take('b', 600), take('c', 2), take('c', 5_000, device.id)]).toEqual([true, true, false, true]);
  outbox.settle(1, 'delivered', 0);
  expect(take('c', 2)).toBe(true);
});

it('tells whether anything is pending, what waits for an earlier report left out', () => {
  const { outbox } = openStore(temporaryDirectory());
  const isPending = () => outbox.isPending(alert.owner, alert.serverId);
  expect(isPending()).toBe(false);
  outbox.enqueue({ ...alert, origin: 'before' });
  outbox.enqueue({ ...alert, origin: 'then', after: 'before' });
  expect(isPending()).toBe(true);
  outbox.settle(1, 'delivered', 0);
  expect(isPending()).toBe(true);
  outbox.settle(2, 'delivered', 0);
  expect([isPending(), outbox.isPending('urn:imei:1', alert.serverId)]).toEqual([false, false]);
});

it('expires what is too old, but not what an unset clock has dated', () => {
  const clock = new ManualClock();
  const { outbox } = openStore(temporaryDirectory(), { clock, limits: { outboxAge: 2 * day } });
  outbox.enqueue({ ...alert, origin: 'unset', createdAt: 1_000 });
  outbox.enqueue({ ...alert, origin: 'old', createdAt: clock.now() });
  clock.advance(3 * day);
  outbox.enqueue({ ...alert, origin: 'new', createdAt: clock.now() });
  outbox.prune(0);
  expect(outbox.pending(gatewayOwner, 'operator').map(({ origin }) => origin)).toEqual(['unset', 'new']);
  expect(outbox.enqueue({ ...alert, origin: 'old' })).toBe(false);
});
