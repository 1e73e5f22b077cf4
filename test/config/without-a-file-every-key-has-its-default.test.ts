import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { writtenFile } from './written-file.js';

test('without a file every key has its default, and the YAML library is not loaded', () => {
  const config = loadGatewayConfig(undefined, {});
  expect(config.south).toEqual({ listen: '127.0.0.1', port: 8443, tls: true, paths: ['/dm'], names: [], maxConnections: 512 });
  expect(config.limits).toMatchObject({ messageBytes: 1_048_576, maxMsgSize: 65_536, deviceWait: 25_000, repeatWindow: 120_000 });
  expect(config.retry).toEqual({ first: 1000, cap: 300_000, maxAge: 604_800_000, sessionsPerSecond: 20, alertsPerDevice: 1000 });
  expect(config).toMatchObject({ accounts: [], devices: [], north: { answerTimeout: 8000 }, log: { level: 'info', format: 'auto' } });
  expect(config).not.toHaveProperty('state');
  const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('/node_modules/yaml/'));
  expect(loaded).toEqual([]);
});

test('an empty file, and a section without anything below it, mean the defaults', () => {
  const defaults = loadGatewayConfig(undefined, {});
  for (const content of ['', '# nothing\n', 'south:\ndevices:\nlimits:\n'])
    expect(loadGatewayConfig(writtenFile(content), {})).toEqual(defaults);
});
