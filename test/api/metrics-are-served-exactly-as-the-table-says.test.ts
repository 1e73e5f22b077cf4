import { expect, onTestFinished, test } from 'vitest';
import { controlApi, type GaugeReadings, gatewayGauges, MetricsPage } from '#src/api/index.js';
import { Counters, type MetricEntry, metricTable, silentLog } from '#src/base/index.js';
import { serveHealth } from '#src/transport/index.js';
import { declareDevice, openGateway } from '../gateway/gateway-under-test.js';
import { MemoryGateway } from './memory-gateway.js';

const about = { version: '0.1.0', uptime: () => 5, isReady: () => true, loopDelay: () => 0.002, brokerConnections: () => 3 };

async function readings(): Promise<GaugeReadings> {
  const under = await openGateway();
  declareDevice(under);
  declareDevice(under, [], { id: 'urn:imei:2' });
  return gatewayGauges({ ...about, gateway: under.gateway, store: under.store });
}

async function scrape(counters: Counters): Promise<string> {
  const gauges = await readings();
  const { fetch } = controlApi(new MemoryGateway(), silentLog, new MetricsPage({ counters, gauges: () => gauges }));
  const server = await serveHealth({ port: 0, fetch, log: silentLog });
  onTestFinished(() => server.close(0));
  const answer = await globalThis.fetch(`http://127.0.0.1:${server.port}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
}

test('every name of the table is there with its kind and its help, and no other', async () => {
  const text = await scrape(new Counters());
  const told = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [name, kind]);
  const table = Object.entries<MetricEntry>(metricTable);
  expect(told.toSorted()).toEqual(table.map(([name, { kind }]) => [name, kind]).toSorted());
  for (const [name, { help }] of table) expect(text).toContain(`# HELP ${name} ${help}\n`);
});

test('what was counted and what is now stand in it', async () => {
  const counters = new Counters();
  for (let times = 0; times < 3; times += 1) counters.add('postern_messages_refused_total', { reason: 'plain-http' });
  counters.add('postern_sessions_ended_total', { leg: 'north', outcome: 'silence' });
  const text = await scrape(counters);
  expect(text).toContain('postern_messages_refused_total{reason="plain-http"} 3\n');
  expect(text).toContain('postern_sessions_ended_total{leg="north",outcome="silence"} 1\n');
  expect(text).toContain('postern_devices{status="known"} 2\n');
  expect(text).toContain('postern_sessions_open{leg="south"} 0\n');
  expect(text).toContain('postern_broker_connections 3\n');
  expect(text).toContain('postern_event_loop_delay_p99_seconds 0.002\n');
  expect(text).toContain('postern_build_info{version="0.1.0"} 1\n');
  expect(Number(/^postern_resident_memory_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(1_000_000);
});

test('a second scrape counts nothing twice', async () => {
  const counters = new Counters();
  counters.add('postern_sessions_started_total', { leg: 'south' });
  const gauges = await readings();
  const page = new MetricsPage({ counters, gauges: () => gauges });
  await page.read();
  expect((await page.read()).text).toContain('postern_sessions_started_total{leg="south"} 1\n');
});
