import { expect, it } from 'vitest';
import { checkGatewayConfig, loadGatewayConfig } from '#src/config/index.js';
import { writtenFile } from './written-file.js';

const load = (broker: string) => loadGatewayConfig(writtenFile(`broker: ${broker}\n`), {});

it('refuses the embedded broker on the LAN without TLS', () => {
  for (const listen of ['0.0.0.0', '::', '192.0.2.1']) {
    expect(() => load(`{ port: 1883, listen: '${listen}' }`)).toThrow(/broker\.listen.*tls: true/s);
  }
});

it('lets it listen with TLS, on loopback, or with leave', () => {
  const allowed = [
    "{ port: 8883, listen: '0.0.0.0', tls: true }",
    '{ port: 1883 }',
    "{ port: 1883, listen: '::1' }",
    "{ port: 1883, listen: '0.0.0.0', allowPlain: true }",
    "{ listen: '0.0.0.0' }",
  ];
  for (const broker of allowed) expect(load(broker).broker).toBeDefined();
});

it('has no broker by default', () => {
  expect(loadGatewayConfig(undefined, {}).broker).toMatchObject({ listen: '127.0.0.1', tls: false });
  expect(loadGatewayConfig(undefined, {}).broker.port).toBeUndefined();
});

it('warns where leave is taken', () => {
  const warnings = (broker: string) => checkGatewayConfig(writtenFile(`broker: ${broker}\n`), {}).map(({ key }) => key);
  expect(warnings("{ port: 1883, listen: '0.0.0.0', allowPlain: true }")).toEqual(['broker.allowPlain']);
  expect(warnings("{ port: 8883, listen: '0.0.0.0', tls: true }")).toEqual([]);
});
