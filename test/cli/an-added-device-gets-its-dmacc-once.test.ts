import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { knownDevice, MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway, temporaryFolder } from '../api/served.js';
import { runVerb } from './run-verb.js';

async function add(gateway: MemoryGateway, ...more: string[]) {
  return runVerb(['devices', 'add', '--id', 'urn:x', ...more, '--socket', await serveGateway(gateway)]);
}

it('printed', async () => {
  const { out, code } = await add(new MemoryGateway());
  expect(out).toContain('<MgmtTree><!-- made-up-password --></MgmtTree>');
  expect(out).toContain('https://192.0.2.1:8443/dm');
  expect(code).toBe(0);
});

it('and who has no DM server yet is told how it gets one', async () => {
  const account = ['--account-server-id', 'operator', '--account-address', 'https://dm.example/dm', '--account-password-file'];
  const password = join(temporaryFolder(), 'password');
  writeFileSync(password, 'secret', { mode: 0o600 });
  const hint = 'postern accounts add --device urn:x';
  expect((await add(new MemoryGateway())).out).toContain(hint);
  expect((await add(new MemoryGateway(), ...account, password)).out).not.toContain(hint);
});

it('or into files that only their owner may read, and then not printed', async () => {
  const folder = temporaryFolder();
  const [dmAcc, trust] = [join(folder, 'x.xml'), join(folder, 'ca.pem')];
  const { out } = await add(new MemoryGateway(), '--write', dmAcc, '--write-trust', trust);
  expect(readFileSync(dmAcc, 'utf8')).toContain('made-up-password');
  expect(readFileSync(trust, 'utf8')).toBe('PEM of the CA\n');
  expect(statSync(dmAcc).mode & 0o777).toBe(0o600);
  expect(out).not.toContain('made-up-password');
});

it('nor in JSON', async () => {
  const { out } = await add(new MemoryGateway(), '--json', '--write', join(temporaryFolder(), 'x.xml'));
  expect(JSON.parse(out)).toMatchObject({ device: { id: 'urn:x' }, trust: 'PEM of the CA\n' });
  expect(out).not.toContain('made-up-password');
});

it('an existing file stays as it is, and nothing is added', async () => {
  const file = join(temporaryFolder(), 'x.xml');
  writeFileSync(file, 'mine');
  const gateway = new MemoryGateway();
  const { err, code } = await add(gateway, '--write', file);
  expect([readFileSync(file, 'utf8'), gateway.devices.size, code]).toEqual(['mine', 0, 2]);
  expect(err).toContain(`Cannot write ${file}`);
});

it('when adding fails no file is left', async () => {
  const folder = temporaryFolder();
  const gateway = new MemoryGateway();
  gateway.devices.set('urn:x', knownDevice('urn:x'));
  const { code } = await add(gateway, '--write', join(folder, 'x.xml'), '--write-trust', join(folder, 'ca.pem'));
  expect([code, existsSync(join(folder, 'x.xml')), existsSync(join(folder, 'ca.pem'))]).toEqual([5, false, false]);
});

it('when the second file cannot be made the first is not left either', async () => {
  const folder = temporaryFolder();
  await add(new MemoryGateway(), '--write', join(folder, 'x.xml'), '--write-trust', join(folder, 'none/ca.pem'));
  expect(existsSync(join(folder, 'x.xml'))).toBe(false);
});
