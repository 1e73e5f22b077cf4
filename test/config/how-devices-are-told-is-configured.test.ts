import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { settingsFrom } from '../../src/programs/gateway/settings.js';
import { problemsOf, writtenFile } from './written-file.js';

const deviceWith = (more: string) => `devices:\n  - { id: 'urn:x', clientPassword: { value: a }, ${more} }\n`;
const load = (text: string) => loadGatewayConfig(writtenFile(text), {});

test('a device is not told unless a way is named', () => {
  expect(load(deviceWith('mode: proxy')).devices[0]?.trigger).toEqual({ by: 'none', port: 2948 });
  const told = load(deviceWith('serverPassword: { value: b }, trigger: { by: udp, port: 4000 }'));
  expect(told.devices[0]?.trigger).toEqual({ by: 'udp', port: 4000 });
});

test('one in proxy mode needs a password by which it knows us; a transparent one gets the triggers of its own server', () => {
  expect(problemsOf(deviceWith('trigger: { by: poll }'))).toMatchObject([
    { key: 'devices[0].trigger.by', allowed: expect.stringContaining('serverPassword') },
  ]);
  expect(load(deviceWith('mode: transparent, trigger: { by: poll }')).devices[0]?.trigger.by).toBe('poll');
});

test('polls leave room for sessions', () => {
  expect(problemsOf('triggers:\n  poll: { maxWaiting: 512 }\n')).toMatchObject([{ key: 'triggers.poll.maxWaiting' }]);
});

test('what waits and what is relayed has limits, and the gateway keeps to them', () => {
  const limits = '{ age: 1h, perAccount: 2, total: 10, relayedPerDevice: 3, relayedPerSource: 4 }';
  const config = load(`triggers:\n  poll: { wait: 30s, maxWaiting: 5 }\n  limits: ${limits}\n`);
  expect(settingsFrom(config, { southUrl: () => '' }).triggers).toEqual({
    maxAge: 3_600_000,
    perAccount: 2,
    total: 10,
    relay: { perDevice: 3, perSource: 4 },
    polls: { wait: 30_000, most: 5 },
  });
  expect(problemsOf('triggers:\n  limits: { total: 0 }\n')).toMatchObject([{ key: 'triggers.limits.total' }]);
});
