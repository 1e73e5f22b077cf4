import { createPrivateKey } from 'node:crypto';
import { copyFileSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { createSealer, openLocalCa, serverCredentials } from '#src/security/index.js';
import { temporaryDirectory } from './temporary-directory.js';

const names = ['localhost'];
const files = ['ca.key', 'server.key'];
const clock = new ManualClock();
const elsewhere = createSealer(Buffer.alloc(32, 7), { isKeptElsewhere: true });

function contents(directory: string): string[] {
  return files.map((name) => readFileSync(join(directory, name), 'utf8'));
}

it('they are made sealed, 0600, and serve as before', async () => {
  const directory = temporaryDirectory();
  const made = await serverCredentials({ directory, names, clock, sealer: elsewhere });
  for (const content of contents(directory)) expect(content).toMatch(/^p1\.[0-9a-f]{8}\.[\w-]+$/);
  for (const name of files) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  expect(await serverCredentials({ directory, names, clock, sealer: elsewhere })).toEqual(made);
});

it('what was plain is sealed at the next start, and overwritten where it lay', async () => {
  const directory = temporaryDirectory();
  const before = await serverCredentials({ directory, names, clock });
  const plain = contents(directory);
  expect(plain.every((content) => content.includes('PRIVATE KEY'))).toBe(true);
  // The same bytes on the disk, under another name.
  for (const name of files) linkSync(join(directory, name), join(directory, `${name}.old`));
  expect(await serverCredentials({ directory, names, clock, sealer: elsewhere })).toEqual(before);
  for (const [at, name] of files.entries()) {
    const left = readFileSync(join(directory, `${name}.old`));
    expect(left).toHaveLength(Buffer.byteLength(plain[at] ?? ''));
    expect(left.toString('latin1')).not.toMatch(/PRIVATE|[A-Za-z0-9+/=]{40}/);
  }
  expect(contents(directory).join()).not.toContain('PRIVATE');
});

it('a start that was cut off between the two files goes on with the key that it made', async () => {
  const directory = temporaryDirectory();
  const { certificate } = await openLocalCa({ directory, clock });
  const other = temporaryDirectory();
  copyFileSync(join(directory, 'ca.key'), join(other, 'ca.key'));
  const again = await openLocalCa({ directory: other, clock, sealer: elsewhere });
  expect(again.certificate).not.toBe(certificate);
  expect(readFileSync(join(other, 'ca.key'), 'utf8')).toMatch(/^p1\./);
});

it('they stay plain where the key lies beside them, for it would seal nothing from whoever has both', async () => {
  const directory = temporaryDirectory();
  await serverCredentials({ directory, names, clock, sealer: createSealer(Buffer.alloc(32, 7)) });
  for (const content of contents(directory)) expect(createPrivateKey(content).type).toBe('private');
});

it('another key is told, and nothing is made anew', async () => {
  const directory = temporaryDirectory();
  await serverCredentials({ directory, names, clock, sealer: elsewhere });
  const before = contents(directory);
  const sealer = createSealer(Buffer.alloc(32, 8), { isKeptElsewhere: true });
  await expect(serverCredentials({ directory, names, clock, sealer })).rejects.toMatchObject({ code: 'security.wrong-key' });
  expect(contents(directory)).toEqual(before);
});

it('one that was changed, or moved to the place of the other, does not open', async () => {
  const directory = temporaryDirectory();
  await serverCredentials({ directory, names, clock, sealer: elsewhere });
  copyFileSync(join(directory, 'server.key'), join(directory, 'ca.key'));
  await expect(openLocalCa({ directory, clock, sealer: elsewhere })).rejects.toMatchObject({ code: 'security.local-ca' });
});

it('a server key that was changed is made anew', async () => {
  const directory = temporaryDirectory();
  const before = await serverCredentials({ directory, names, clock, sealer: elsewhere });
  writeFileSync(join(directory, 'server.key'), `${readFileSync(join(directory, 'server.key'), 'utf8')}AAAA`);
  const after = await serverCredentials({ directory, names, clock, sealer: elsewhere });
  expect(after.certificate).not.toBe(before.certificate);
});
