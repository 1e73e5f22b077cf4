import { expect, test } from 'vitest';
import { isPosternError } from '#src/base/index.js';
import { endpointUnderTest, roomyLimits } from './endpoint-under-test.js';
import { connectRaw, postOf } from './raw-peer.js';

test.each([
  ['in all', { ...roomyLimits, maxConnections: 2 }],
  ['for one address', { ...roomyLimits, perAddress: 2 }],
])('%s', async (_what, limits) => {
  const endpoint = await endpointUnderTest({ limits });
  const kept = [connectRaw(endpoint.port), connectRaw(endpoint.port)];
  for (const peer of kept) {
    peer.write(postOf('hello'));
    await peer.until('hello');
  }
  const surplus = connectRaw(endpoint.port);
  surplus.write(postOf('hello'));
  expect(await surplus.closed).toBe('');
  kept[0]?.socket.destroy();
  await kept[0]?.closed;
  kept[1]?.write(postOf('again'));
  await kept[1]?.until('again');
  const next = connectRaw(endpoint.port);
  next.write(postOf('next'));
  await next.until('next');
});

test('an address that is taken is named', async () => {
  const endpoint = await endpointUnderTest();
  const failure = await endpointUnderTest({ port: endpoint.port }).catch((error: unknown) => error);
  expect(isPosternError(failure, 'wire.listen')).toBe(true);
  expect(String(failure)).toContain(`127.0.0.1:${endpoint.port}`);
});
