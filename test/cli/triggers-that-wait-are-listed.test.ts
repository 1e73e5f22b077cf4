import { expect, test } from 'vitest';
import { MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

test('with the server, the session and the way that it came', async () => {
  const { out } = await runVerb(['triggers', '--socket', await serveGateway(new MemoryGateway())]);
  expect(out).toMatch(/gateway +operator +A1B +mqtt +background +server/);
});

test('as JSON with what was refused', async () => {
  const { out } = await runVerb(['triggers', '--json', '--socket', await serveGateway(new MemoryGateway())]);
  expect(JSON.parse(out)).toMatchObject({ accepted: 1, joined: 2, refused: { 'not-proved': 3 }, pending: [{ target: 'gateway' }] });
});

test('and the devices that are being told, with the way and how often', async () => {
  const { out } = await runVerb(['triggers', '--socket', await serveGateway(new MemoryGateway())]);
  expect(out).toMatch(/DEVICE TOLD +BY +TIMES[^\n]*\nurn:imei:1 +poll +2/);
});
