import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { account, device, openStore, temporaryDirectory } from './store-fixture.js';

it('writes no secret in plain into the database or its log', async () => {
  const directory = temporaryDirectory();
  const store = openStore(directory);
  const canary = (index: number) => `c4n4ry-${index}`;
  const password = (index: number) => ({ kind: 'password', value: canary(index) }) as const;
  store.inventory.declare({ ...device, south: { ...device.south, clientSecret: password(1), serverSecret: password(2) } });
  store.accounts.declare({ ...account, clientSecret: password(3), serverSecret: { kind: 'digest', value: canary(4) } });
  store.lastMessages.put(device.id, { digest: '', content: '', at: 0, answer: { contentType: '', body: Buffer.from(canary(5)) } });
  await store.committed();
  expectNowhere(directory, ['gateway.db', 'gateway.db-wal', 'gateway.db-shm']);
  store.close();
  expectNowhere(directory, ['gateway.db']);
});

function expectNowhere(directory: string, files: string[]): void {
  expect(readdirSync(directory).sort()).toEqual(files.sort());
  const bytes = Buffer.concat(files.map((file) => readFileSync(join(directory, file))));
  // The search works: what is no secret is found.
  expect(bytes.includes(device.id)).toBe(true);
  expect(bytes.includes('c4n4ry')).toBe(false);
  // Base64 of it, at each of the three alignments.
  for (const part of ['YzRuNHJ5', 'M0bjRyeS', 'jNG40cnkt']) expect(bytes.includes(part)).toBe(false);
}
