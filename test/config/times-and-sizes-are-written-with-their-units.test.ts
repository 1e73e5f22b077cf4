import { expect, test } from 'vitest';
import { formatDuration, formatSize, loadGatewayConfig, parseDuration, parseSize, showConfig } from '#src/config/index.js';
import { writtenFile } from './written-file.js';

test.each([
  ['0ms', 0],
  ['500ms', 500],
  ['1500ms', 1500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('%s is %d milliseconds', (text, value) => {
  expect(parseDuration(text)).toBe(value);
  expect(formatDuration(value)).toBe(text);
});

test.each([
  ['64KiB', 65_536],
  ['1MiB', 1_048_576],
  ['2GiB', 2_147_483_648],
])('%s is %d bytes', (text, value) => {
  expect(parseSize(text)).toBe(value);
  expect(formatSize(value)).toBe(text);
});

test.each(['', '5', '5 s', '1.5s', '-1s', '1h30m', '5S', '64KB', '64kib', ' 1s'])('%j is neither', (text) => {
  expect([parseDuration(text), parseSize(text)]).toEqual([undefined, undefined]);
});

test('bytes can be a number alone, and what is shown can be read again', () => {
  const content = 'limits: { messageBytes: 100000 }\ndevices: [{ id: a, clientPassword: x, polling: 90s }, { id: b, clientPassword: x }]';
  const config = loadGatewayConfig(writtenFile(content), {});
  expect(config.limits.messageBytes).toBe(100_000);
  expect(config.devices.map((device) => device.polling)).toEqual([90_000, 'always']);
  const again = loadGatewayConfig(writtenFile(JSON.stringify(showConfig(config))), {});
  expect(showConfig(again)).toEqual(showConfig(config));
});
