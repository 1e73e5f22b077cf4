import { expect, test } from 'vitest';
import { ManualClock, SteadyClock, silentLog } from '#src/base/index.js';
import { defaultTriggerSettings, gatewayOwner } from '#src/gateway/index.js';
import { clockJumps } from '../clock-jumps.js';
import { declareDevice, deviceId } from '../gateway-under-test.js';
import { until } from '../peers.js';
import { openSite } from './trigger-site.js';

test.each(clockJumps)(
  '%s: the same trigger joins the one that waits, which is given up when its time has passed and not before',
  async (_jump, by) => {
    const clock = new ManualClock();
    const time = new SteadyClock(clock, silentLog);
    const { under, server, trigger } = await openSite({}, { clock, time });
    declareDevice(under, [server]);
    const received = trigger('A1B', deviceId);
    expect((await under.gateway.triggers.receive(deviceId, received, 'udp')).kind).toBe('accepted');
    const timers = clock.pending().length;
    clock.jump(by);
    expect(time.doubt).toBeDefined();
    expect((await under.gateway.triggers.receive(deviceId, received, 'udp')).kind).toBe('joined');
    under.gateway.triggers.expire();
    expect(under.store.triggers.pending()).toMatchObject([{ owner: deviceId, sessionId: 'A1B' }]);
    expect(clock.pending().length).toBeLessThanOrEqual(timers + 2);
    clock.advance(defaultTriggerSettings.maxAge + 1);
    under.gateway.triggers.expire();
    expect(under.store.triggers.pending()).toEqual([]);
  },
);

test.each(clockJumps)('%s: a trigger that a session has answered is refused as before', async (_jump, by) => {
  const clock = new ManualClock();
  for (const [scheme, why] of [
    ['md5', 'not-proved'],
    ['basic', 'used'],
  ] as const) {
    const { under, trigger } = await openSite({ scheme }, { clock, time: new SteadyClock(clock, silentLog) });
    const recorded = trigger('A1B');
    expect(await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp')).toEqual({ kind: 'accepted' });
    await until(() => under.gateway.triggers.list().length === 0);
    clock.jump(by);
    under.gateway.triggers.expire();
    expect(await under.gateway.triggers.receive(gatewayOwner, recorded, 'udp')).toEqual({ kind: 'refused', why });
  }
});
