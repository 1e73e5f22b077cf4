import { expect, it } from 'vitest';
import { knownDevice, MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

const hostile = '\u001b]0;owned\u0007\u009b2J\nfake row\u202e\u2028';

it.each([
  ['devices', 'list'],
  ['devices', 'show', 'urn:x'],
])('%s %s', async (...verb) => {
  const gateway = new MemoryGateway();
  gateway.devices.set('urn:x', { ...knownDevice('urn:x'), model: hostile });
  const { out } = await runVerb([...verb, '--socket', await serveGateway(gateway)]);
  expect(out).toContain('\\u{1b}]0;owned\\u{7}\\u{9b}2J\\u{a}fake row\\u{202e}\\u{2028}');
  expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
});
