import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { declareConfigured } from '#src/programs/gateway/declare.js';
import { openStore, temporaryDirectory } from '../../store/store-fixture.js';

const account = (serverId: string, more = '') => `{ serverId: ${serverId}, address: https://dm.example, clientPassword: p${more} }`;

function declare(directory: string, accounts: string): void {
  const file = join(directory, 'postern.yaml');
  writeFileSync(
    file,
    `accounts: [${account('own', ', rights: { ./DevInfo: [Get] }')}]\ndevices: [{ id: urn:x, clientPassword: p, accounts: [${accounts}] }]\n`,
    {
      mode: 0o600,
    },
  );
  const store = openStore(directory);
  declareConfigured(loadGatewayConfig(file, {}), store, 'urn:uuid:1');
  store.close();
}

test('priority, polling and rights of each, and what is taken out of the file again', () => {
  const directory = temporaryDirectory();
  declare(directory, `${account('a', ', priority: 1, polling: 1h')}, ${account('b', ', rights: { .: [Get], ./Vendor: [] }')}`);
  const store = openStore(directory);
  expect(store.accounts.get(gatewayOwner, 'own')).toMatchObject({ priority: 100, rights: { './DevInfo': ['Get'] } });
  expect(store.accounts.get('urn:x', 'a')).toMatchObject({ priority: 1, polling: 3_600_000 });
  expect(store.accounts.get('urn:x', 'a')).not.toHaveProperty('rights');
  expect(store.accounts.get('urn:x', 'b')).toMatchObject({ priority: 100, rights: { '.': ['Get'], './Vendor': [] } });
  store.accounts.recordPoll('urn:x', 'a', 7);
  store.close();

  declare(directory, account('a'));
  const after = openStore(directory);
  expect(after.accounts.list('urn:x').map(({ serverId }) => serverId)).toEqual(['a']);
  expect(after.accounts.get('urn:x', 'a')).toMatchObject({ priority: 100 });
  expect(after.accounts.get('urn:x', 'a')).not.toHaveProperty('polling');
  // When it was asked is a fact, and no declaration.
  expect(after.accounts.lastPoll('urn:x', 'a')).toBe(7);
});
