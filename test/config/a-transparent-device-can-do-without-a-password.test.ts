import { expect, it } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { writtenFile } from './written-file.js';

const load = (device: string) => loadGatewayConfig(writtenFile(`devices:\n  - { id: a, ${device} }\n`), {}).devices[0];

it('because it shows it to nobody here', () => {
  expect(load('mode: transparent, fromAddress: 192.0.2.9')?.clientPassword).toBeUndefined();
  expect(load('mode: transparent, clientPassword: x')?.clientPassword?.reveal()).toBe('x');
});

it('a device in proxy mode cannot', () => {
  expect(() => load('fromAddress: 192.0.2.9')).toThrow(/devices\[0\]\.clientPassword is missing/);
  expect(() => load('mode: proxy')).toThrow(/clientPassword/);
});

it('nor can one whose gateway has a password towards it', () => {
  expect(() => load('mode: transparent, serverPassword: x')).toThrow(/clientPassword/);
});
