import { expect, test } from 'vitest';
import { controlApi, createGatewayService, type GatewayServiceParts } from '#src/api/index.js';
import { PosternError, silentLog, systemEntropy } from '#src/base/index.js';
import { createControlClient } from '#src/control/index.js';
import { type GatewayState, wellness } from '#src/programs/gateway/health/wellness.js';
import { gatewayDevId, openGateway } from '../gateway/gateway-under-test.js';
import { quietSources } from './quiet-sources.js';
import { serveGateway } from './served.js';

async function ask(state: GatewayState, failure?: PosternError) {
  const { gateway, store, settings } = await openGateway();
  const well = wellness({ state: () => state, store: { failure } });
  const about = { devId: gatewayDevId, version: '0.1.0', trust: 'PEM', uptime: () => 5, state: () => state };
  const parts: GatewayServiceParts = { gateway, store, settings, entropy: systemEntropy, ...about, ...well, diagnostics: quietSources };
  const service = createGatewayService(parts);
  const api = controlApi(service, silentLog);
  const answers = await Promise.all(['/healthz', '/readyz'].map((path) => api.request(path)));
  return { service, told: await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()])) };
}

test('a running gateway is well and ready', async () => {
  const { told } = await ask('running');
  expect(told).toEqual([
    [200, { status: 'ok', reasons: [] }],
    [200, { ready: true, reasons: [] }],
  ]);
});

test.each(['starting', 'draining'] as const)('one that is %s is alive and not ready', async (state) => {
  const reasons = [`the gateway is ${state}`];
  const { told } = await ask(state);
  expect(told).toEqual([
    [200, { status: 'degraded', reasons }],
    [503, { ready: false, reasons }],
  ]);
});

test('one that cannot store is not ready, and a restart is not what it needs', async () => {
  const full = new PosternError('store.full', { file: 'gateway.db' });
  const { told } = await ask('running', full);
  expect(told).toEqual([
    [200, { status: 'degraded', reasons: [full.message] }],
    [503, { ready: false, reasons: [full.message] }],
  ]);
});

test('one whose database is damaged is broken, and the client of the socket hears why', async () => {
  const damaged = new PosternError('store.damaged', { file: 'gateway.db', what: 'malformed' });
  const { service, told } = await ask('running', damaged);
  expect(told.map(([status]) => status)).toEqual([503, 503]);
  const client = createControlClient({ socket: await serveGateway(service) });
  expect(await client.health()).toEqual({ status: 'broken', reasons: [damaged.message] });
  expect(await client.readiness()).toEqual({ ready: false, reasons: [damaged.message] });
});
