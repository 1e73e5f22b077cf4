import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { startGateway } from '../../bench/gateway-process.js';
import { readManifest } from './lockfile.js';
import { makeBundle } from './make-bundle.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'postern-bundle-'));
const folder = path.join(scratch, 'bundle');
const program = path.join(folder, 'programs/postern/main.js');
let needed: readonly string[] = [];

beforeAll(async () => {
  needed = await makeBundle(folder);
  // What `npm install` would bring.
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), path.join(folder, 'node_modules'));
  return () => rmSync(scratch, { recursive: true });
});

it('starts from its folder alone, and says its version', async () => {
  const { version } = await readManifest();
  expect(spawnSync(process.execPath, [program, '--version'], { encoding: 'utf8' })).toMatchObject({ stdout: `${version}\n`, stderr: '' });
  const config = path.join(scratch, 'postern.yaml');
  // A port that is free: somebody may run a gateway on the default one.
  writeFileSync(config, 'south: { port: 0 }\n');
  const gateway = await startGateway(path.join(scratch, 'state'), { program, config });
  await gateway.stop();
  expect(gateway.said).toMatchObject({ msg: 'listening', devId: expect.stringMatching(/^urn:uuid:/) });
});

it('programs that others start lie where they look for them', () => {
  const beside = ['../hardware/main.js', '../postern/main.js', 'broker-program.js', 'upnp-program.js'];
  for (const file of beside) expect(existsSync(path.join(folder, 'programs/shared', file)), file).toBe(true);
});

it('leaves out what is loaded only when it is used, and what is native', () => {
  expect(needed).toEqual(expect.arrayContaining(['aedes', 'better-sqlite3', 'mqtt', 'prom-client', 'yaml']));
  expect(needed).not.toContain('zod');
});
