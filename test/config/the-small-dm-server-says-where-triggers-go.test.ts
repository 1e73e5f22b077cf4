import { expect, test } from 'vitest';
import { loadSmallServerConfig, parseTriggerAddress } from '#src/config/index.js';
import { refusalOf, writtenFile } from './written-file.js';

const refused = (content: string) => refusalOf(writtenFile(content), loadSmallServerConfig).problems.map(({ key }) => key);
const device = (reach: string) => `devices: [{ id: a, clientPassword: x, serverPassword: y, reach: '${reach}' }]\n`;

test.each([
  ['https://198.51.100.7:8444/trigger/gateway', { by: 'https', url: 'https://198.51.100.7:8444/trigger/gateway' }],
  ['udp://gateway.example:29480', { by: 'udp', host: 'gateway.example', port: 29_480, isFramed: false }],
  ['wsp://[2001:db8::7]', { by: 'udp', host: '2001:db8::7', port: 2948, isFramed: true }],
  ['mqtt:at home/urn:imei:1', { by: 'mqtt', topic: 'postern/at%20home/trigger/urn%3Aimei%3A1' }],
  ['mqtt:at%20home/gateway', { by: 'mqtt', topic: 'postern/at%20home/trigger/gateway' }],
  ['mqtt:#/+', { by: 'mqtt', topic: 'postern/%23/trigger/%2B' }],
])('%s', (text, address) => {
  expect(parseTriggerAddress(text)).toEqual(address);
});

test.each([
  'http://198.51.100.7/trigger/gateway',
  'https://198.51.100.7',
  'https://user:secret@198.51.100.7/trigger/gateway',
  'udp://198.51.100.7:0',
  'udp://198.51.100.7/path',
  'mqtt:home',
  'mqtt:home/x/y',
  'mqtt:/gateway',
  'mqtt:home/%',
  `mqtt:home/${'x'.repeat(1024)}`,
  'tcp://198.51.100.7:1',
])('%s is none', (text) => {
  expect(parseTriggerAddress(text)).toBeUndefined();
});

test('a trigger needs a password to be proved with, and a broker to go to', () => {
  expect(refused("devices: [{ id: a, clientPassword: x, reach: 'udp://198.51.100.7' }]\n")).toEqual(['devices[0].reach']);
  expect(refused(device('mqtt:home/gateway'))).toEqual(['devices[0].reach']);
  const broker = "triggers: { broker: { url: 'mqtts://broker.example:8883' } }\n";
  expect(loadSmallServerConfig(writtenFile(device('mqtt:home/gateway') + broker)).devices[0]?.reach).toBe('mqtt:home/gateway');
});

test('a broker without TLS has to be allowed, and waits grow', () => {
  expect(refused("triggers: { broker: { url: 'mqtt://broker.example' } }\n")).toEqual(['triggers.broker.url']);
  expect(refused('triggers: { first: 1m, cap: 5s }\n')).toEqual(['triggers.cap']);
});
