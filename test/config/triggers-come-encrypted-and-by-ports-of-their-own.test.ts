import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { problemsOf, writtenFile } from './written-file.js';

test('a broker without TLS is refused unless it is allowed', () => {
  expect(problemsOf('triggers:\n  mqtt:\n    url: mqtt://broker.example\n')).toMatchObject([
    { key: 'triggers.mqtt.url', allowed: expect.stringContaining('allowPlain: true') },
  ]);
  const config = loadGatewayConfig(writtenFile('triggers:\n  mqtt:\n    url: mqtt://broker.example\n    allowPlain: true\n'), {});
  expect(config.triggers.mqtt).toMatchObject({ url: 'mqtt://broker.example', keepAlive: 60_000 });
});

test.each(['https://broker.example', 'mqtts://user:word@broker.example', 'mqtts://broker.example/path', 'mqtts://', 'broker.example:8883'])(
  '%s is no broker',
  (url) => {
    expect(problemsOf(`triggers:\n  mqtt:\n    url: ${url}\n`)).toMatchObject([{ key: 'triggers.mqtt.url' }]);
  },
);

test('two targets cannot share a datagram port', () => {
  const devices = '[{ id: a, port: 2948 }, { id: b, port: 4000 }, { id: c, port: 4000 }]';
  expect(problemsOf(`triggers:\n  udp:\n    devices: ${devices}\n`).map(({ key }) => key)).toEqual([
    'triggers.udp.devices[0].port',
    'triggers.udp.devices[2].port',
  ]);
});

test('absent, nothing is listened to', () => {
  expect(Object.keys(loadGatewayConfig(undefined, {}).triggers)).toEqual(['poll', 'limits']);
});
