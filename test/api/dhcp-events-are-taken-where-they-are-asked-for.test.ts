import { expect, test } from 'vitest';
import { createGatewayService } from '#src/api/index.js';
import { systemEntropy } from '#src/base/index.js';
import type { DhcpEventInput } from '#src/control/index.js';
import { gatewayDevId, openGateway } from '../gateway/gateway-under-test.js';
import { quietSources } from './quiet-sources.js';

const event = { action: 'add', mac: '00:24:be:80:4f:f1', address: '192.168.1.20' } as const;

async function service(dhcpEvent?: (event: DhcpEventInput) => void) {
  const { gateway, store, settings } = await openGateway();
  const about = { entropy: systemEntropy, devId: gatewayDevId, version: '0.1.0', trust: 'PEM' };
  const state = { uptime: () => 1, state: () => 'running' as const, reasons: () => [] };
  return createGatewayService({
    diagnostics: quietSources,
    gateway,
    store,
    settings,
    ...about,
    ...state,
    ...(dhcpEvent === undefined ? {} : { dhcpEvent }),
  });
}

test('they go to whoever notices devices by them', async () => {
  const taken: DhcpEventInput[] = [];
  await (await service((one) => taken.push(one))).dhcpEvent(event);
  expect(taken).toEqual([event]);
});

test('elsewhere they are refused with the key to set', async () => {
  await expect((await service()).dhcpEvent(event)).rejects.toThrow('discovery.dhcp.events');
});
