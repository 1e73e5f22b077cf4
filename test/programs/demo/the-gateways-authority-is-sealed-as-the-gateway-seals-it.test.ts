import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '#src/base/index.js';
import { Folder } from '#src/programs/demo/folder.js';
import { prepareGateway } from '#src/programs/demo/gateway-program.js';
import { loadSealer, openLocalCa } from '#src/security/index.js';

test('where the key is kept elsewhere its key never lies there plain, and the gateway takes it as it is', async () => {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  vi.stubEnv('POSTERN_KEY_FILE', folder.write('key-kept-elsewhere', Buffer.alloc(32, 7).toString('hex')));
  onTestFinished(() => void vi.unstubAllEnvs());
  const { state, ca } = await prepareGateway({ folder });
  const made = readFileSync(join(state, 'ca.key'), 'utf8');
  expect(made).toMatch(/^p1\./);
  const opened = await openLocalCa({ directory: state, clock: systemClock, sealer: loadSealer({ directory: state, env: process.env }) });
  expect(opened.certificate.replaceAll('\r', '')).toBe(readFileSync(ca, 'utf8').replaceAll('\r', ''));
  expect(readFileSync(join(state, 'ca.key'), 'utf8')).toBe(made);
});
