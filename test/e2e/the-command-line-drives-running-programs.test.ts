import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPostern } from './run-postern.js';
import { deviceId, Site, serverId } from './site.js';

let site: Site;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

it('a device is added, starts with the file that was written for it, and is attached', async () => {
  const { clientPassword, serverPassword } = site.newPasswords('cli');
  const enrolled = await postern(['server', 'clients', 'add', '--id', deviceId, '--socket', join(site.serverState, 'server.sock')], {
    POSTERN_CLIENT_PASSWORD: clientPassword,
    POSTERN_CLIENT_SERVER_PASSWORD: serverPassword,
  });
  expect(enrolled).toMatchObject({ code: 0 });
  const [dmAcc, trust] = [join(site.folder, 'camera.xml'), join(site.folder, 'camera-ca.pem')];
  const account = [
    '--account-server-id',
    serverId,
    '--account-address',
    site.serverUrl,
    '--account-password-file',
    file('north.txt', clientPassword),
  ];
  account.push('--account-server-password-file', file('server.txt', serverPassword));
  const added = await gateway(['devices', 'add', '--id', deviceId, '--write', dmAcc, '--write-trust', trust, ...account, '--json']);
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).not.toContain('AAuthSecret');
  expect(statSync(dmAcc).mode & 0o777).toBe(0o600);
  expect(readFileSync(trust, 'utf8')).toContain('BEGIN CERTIFICATE');

  const device = await postern(['device', '--id', deviceId, '--bootstrap', dmAcc, '--trust', trust, '--once', '--json']);
  expect(device).toMatchObject({ code: 0, stderr: '' });
  expect(lines(device.stdout).at(-1)).toMatchObject({ event: 'session', result: 'complete', authenticated: true });

  const listed = await gateway(['devices', 'list', '--json']);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ id: deviceId, status: 'attached', origin: 'added' }]);
  const shown = await gateway(['devices', 'show', deviceId]);
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toContain('Virtual lamp');
  expect(await gateway(['accounts', 'test', serverId, '--device', deviceId])).toMatchObject({ code: 0 });
  expect(JSON.parse((await gateway(['sessions', '--json'])).stdout)).toEqual([]);

  expect(await gateway(['devices', 'remove', deviceId])).toMatchObject({ code: 0 });
  expect(await gateway(['devices', 'show', deviceId])).toMatchObject({ code: 4 });
  const again = await postern(['device', '--id', deviceId, '--bootstrap', dmAcc, '--trust', trust, '--once', '--json']);
  expect(again.code).toBe(1);
});

it('a device that does not trust the gateway says nothing to it', async () => {
  const added = await site.gatewayDoor.addDevice({ id: 'urn:imei:111111111111119' });
  const dmAcc = file('untrusting.xml', added.dmAcc);
  const other = join(site.serverState, 'ca.pem');
  const outcome = await postern(['device', '--id', added.device.id, '--bootstrap', dmAcc, '--trust', other, '--once', '--json']);
  expect(outcome.code).toBe(1);
  expect(lines(outcome.stdout).at(-1)).toMatchObject({ event: 'session', result: 'silence', detail: expect.stringMatching(/TLS/) });
  expect((await site.gatewayDoor.showDevice({ id: added.device.id })).status).toBe('known');
});

it('a configuration with mistakes is refused with 78, every one named, checked or run', async () => {
  const broken = file('broken.yaml', 'south:\n  prot: 1\n  listen: everywhere\ndevices:\n  - id: a\n');
  const checked = await postern(['config', 'check', broken]);
  expect(checked).toMatchObject({ code: 78, stdout: '' });
  for (const mistake of ['south.prot', 'port', 'south.listen', 'everywhere', 'clientPassword']) expect(checked.stderr).toContain(mistake);
  const started = await postern(['run', '--config', broken, '--state', join(site.folder, 'never'), '--json']);
  expect(started).toMatchObject({ code: 78, stdout: '', stderr: checked.stderr });
  expect(() => statSync(join(site.folder, 'never'))).toThrow('ENOENT');
  expect(await postern(['config', 'check', file('right.yaml', 'south: { port: 0 }\n')])).toMatchObject({ code: 0, stderr: '' });
});

it('where no gateway runs the exit code is 3, and the sentence says what to start', async () => {
  const outcome = await postern(['devices', 'list', '--socket', join(site.folder, 'nobody.sock')]);
  expect(outcome).toMatchObject({ code: 3, stdout: '' });
  expect(outcome.stderr).toContain('postern run');
});

it('a second gateway on the same state is refused, and the first goes on', async () => {
  const second = await postern(['run', '--config', file('second.yaml', 'south: { port: 0 }\n'), '--state', site.gatewayState, '--json']);
  expect(second.code).toBe(1);
  expect(await gateway(['devices', 'list'])).toMatchObject({ code: 0 });
});

function postern(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runPostern(args, env);
}

function gateway(args: readonly string[]) {
  return postern([...args, '--socket', site.gatewaySocket]);
}

function file(name: string, content: string): string {
  const path = join(site.folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function lines(stdout: string): unknown[] {
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
