import { expect, test } from 'vitest';
import { controlApi, createGatewayService } from '#src/api/index.js';
import { silentLog, systemEntropy } from '#src/base/index.js';
import { runVerb } from '../cli/run-verb.js';
import { declareReporting, EventClock, FarAway, pass } from '../gateway/far-away.js';
import { gatewayDevId, openGateway } from '../gateway/gateway-under-test.js';
import { FarServer } from '../gateway/peers.js';
import { quietSources } from './quiet-sources.js';
import { serveGateway } from './served.js';

const start = Date.UTC(2026, 0, 1);

/** A gateway whose servers, so many, have been away for an hour. */
async function openAway(count: number) {
  const servers = Array.from({ length: count }, (_, at) => FarServer.behind(`http://${at}.example/dm`, { serverId: `s${at}` }));
  const clock = new EventClock(start);
  const far = new FarAway(clock, servers);
  const under = await openGateway({ clock, clients: far, settings: { retry: { first: 1_000, cap: 300_000, maxAge: 86_400_000 } } });
  for (const [at, server] of servers.entries()) {
    far.outages.set(`${at}.example`, { status: 503, headers: { 'Retry-After': '600' } });
    await declareReporting(under, server, [`urn:imei:${at}`]);
  }
  under.gateway.start();
  await pass(under, far, { time: 60_000 });
  const { gateway, store, settings } = under;
  const about = {
    devId: gatewayDevId,
    version: '0.1.0',
    trust: 'PEM',
    uptime: () => 5,
    state: () => 'running' as const,
    reasons: () => [],
  };
  return createGatewayService({ gateway, store, settings, entropy: systemEntropy, ...about, diagnostics: quietSources });
}

test('with since when and the next try; the gateway is degraded, and ready', async () => {
  const service = await openAway(1);
  const api = controlApi(service, silentLog);
  const health = await api.request('/healthz');
  expect(health.status).toBe(200);
  const { status, reasons } = (await health.json()) as { status: string; reasons: string[] };
  expect(status).toBe('degraded');
  expect(reasons).toEqual([
    expect.stringMatching(
      /^the DM server "s0" \(http:\/\/0\.example\) does not answer since 2026-01-01T00:00:0\S+Z, the server answered HTTP 503: it is tried again at 2026-01-01T00:1\S+Z, or with its next trigger$/,
    ),
  ]);
  expect((await api.request('/readyz')).status).toBe(200);
  const [away, ...others] = (await service.status()).serversAway ?? [];
  expect(others).toEqual([]);
  expect(away).toEqual({
    serverId: 's0',
    address: 'http://0.example',
    since: new Date(start).toISOString(),
    nextTry: expect.any(String),
    detail: 'the server answered HTTP 503',
  });
  expect(Date.parse(away?.nextTry ?? '') - start).toBeGreaterThanOrEqual(600_000);
});

test('postern status says so too', async () => {
  const socket = await serveGateway(await openAway(1));
  const { code, out } = await runVerb(['status', '--socket', socket]);
  expect(code).toBe(0);
  expect(out).toContain('the DM server "s0" (http://0.example) does not answer since ');
});

test('of many only a few are named in sentences, and all are listed', async () => {
  const service = await openAway(8);
  const { reasons, serversAway } = await service.status();
  expect(reasons).toHaveLength(6);
  expect(reasons.at(-1)).toBe('3 more DM servers do not answer: postern status --json');
  expect(serversAway?.map(({ serverId }) => serverId)).toEqual(Array.from({ length: 8 }, (_, at) => `s${at}`));
});
