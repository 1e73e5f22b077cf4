import { expect, test } from 'vitest';
import { keptSecret } from '#src/dm/auth/index.js';
import { declareDevice, openGateway } from './gateway-under-test.js';

const count = 40;

test('each is told by its own password, the last of them as the first', async () => {
  const under = await openGateway({ encrypted: true });
  for (let at = 0; at < count; at += 1) {
    const clientSecret = keptSecret('md5', 'lamp', `password ${at}`, false);
    const south = { scheme: 'md5', userName: 'lamp', clientSecret } as const;
    declareDevice(under, [], { id: `urn:imei:${at}`, mode: 'transparent', south, ...(at % 2 === 0 ? {} : { mode: 'proxy' }) });
  }
  expect(under.store.inventory.named('lamp')).toHaveLength(count);
  for (const at of [0, 8, 10, count - 2]) {
    const authorization = `Basic ${Buffer.from(`lamp:password ${at}`).toString('base64')}`;
    expect(under.gateway.gatekeeper.identify({ address: '192.0.2.1', encrypted: true, authorization })).toBe(`urn:imei:${at}`);
  }
});
