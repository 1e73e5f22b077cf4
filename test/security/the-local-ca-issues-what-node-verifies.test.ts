import { X509Certificate } from 'node:crypto';
import { copyFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { clientTlsOptions, openLocalCa, serverCredentials, serverTlsOptions } from '#src/security/index.js';
import { handshake } from './handshake.js';
import { temporaryDirectory } from './temporary-directory.js';

const day = 86_400_000;
const names = ['localhost', 'gateway.home', '127.0.0.1', '::1'];

it('is made once, and kept private', async () => {
  const directory = temporaryDirectory();
  const ca = await openLocalCa({ directory, clock: new ManualClock() });
  expect(statSync(join(directory, 'ca.key')).mode & 0o777).toBe(0o600);
  expect((await openLocalCa({ directory, clock: new ManualClock() })).certificate).toBe(ca.certificate);
  expect(new X509Certificate(ca.certificate).ca).toBe(true);
});

it('issues for host names and addresses, for one usage, as no authority', async () => {
  const ca = await openLocalCa({ directory: temporaryDirectory(), clock: new ManualClock() });
  const { certificate } = await ca.issue({ names: ['GateWay.home'], addresses: ['192.0.2.1', '2001:db8::1'], usage: 'client', days: 10 });
  const issued = new X509Certificate(certificate);
  const authority = new X509Certificate(ca.certificate);
  expect(issued.checkIssued(authority) && issued.verify(authority.publicKey)).toBe(true);
  expect(issued.subjectAltName).toBe('DNS:gateway.home, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1');
  expect(issued.ca).toBe(false);
  expect(issued.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(issued.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
});

it('refuses names that no certificate can hold', async () => {
  const ca = await openLocalCa({ directory: temporaryDirectory(), clock: new ManualClock() });
  const issue = (names: string[], addresses: string[] = []) => ca.issue({ names, addresses, usage: 'server', days: 1 });
  await expect(issue(['a b'])).rejects.toThrow(/cannot stand in a certificate/);
  await expect(issue([], ['localhost'])).rejects.toThrow(/cannot stand in a certificate/);
  await expect(issue([])).rejects.toThrow(/cannot stand in a certificate/);
});

it('gives a server a certificate that a client of the CA accepts', async () => {
  const directory = temporaryDirectory();
  // Sockets look at the system's clock.
  const clock = new ManualClock(Date.now());
  const credentials = await serverCredentials({ directory, names, clock });
  const { certificate } = await openLocalCa({ directory, clock });
  const client = clientTlsOptions({ trust: [certificate], systemRoots: false });
  expect(await handshake(serverTlsOptions({ credentials }), { ...client })).toBe('accepted');
});

it('reuses a server certificate until half its life or until a name is missing', async () => {
  const directory = temporaryDirectory();
  const clock = new ManualClock();
  const first = await serverCredentials({ directory, names, clock });
  clock.advance(170 * day);
  expect(await serverCredentials({ directory, names: names.slice(1), clock })).toEqual(first);
  clock.advance(15 * day);
  const second = await serverCredentials({ directory, names, clock });
  expect(second.certificate).not.toBe(first.certificate);
  const third = await serverCredentials({ directory, names: [...names, 'new.home'], clock });
  expect(third.certificate).not.toBe(second.certificate);
  expect(new X509Certificate(third.certificate).checkHost('new.home')).toBe('new.home');
});

it('issues again when the stored certificate is damaged or of another CA', async () => {
  const directory = temporaryDirectory();
  const clock = new ManualClock();
  const first = await serverCredentials({ directory, names, clock });
  writeFileSync(join(directory, 'server.pem'), 'rubbish');
  const second = await serverCredentials({ directory, names, clock });
  expect(second.certificate).not.toBe(first.certificate);
  rmSync(join(directory, 'ca.pem'));
  rmSync(join(directory, 'ca.key'));
  expect((await serverCredentials({ directory, names, clock })).certificate).not.toBe(second.certificate);
});

it('makes lasting certificates while the clock still stands in 1970', async () => {
  const directory = temporaryDirectory();
  const early = await serverCredentials({ directory, names, clock: new ManualClock(0) });
  expect(Date.parse(new X509Certificate(early.certificate).validTo)).toBeGreaterThan(Date.UTC(2025, 6, 1));
  expect(await serverCredentials({ directory, names, clock: new ManualClock(1000) })).toEqual(early);
});

it('ends no later than its CA, and says when the CA has ended', async () => {
  const directory = temporaryDirectory();
  const clock = new ManualClock();
  const ca = await openLocalCa({ directory, clock });
  clock.advance(20 * 365 * day - day);
  const { certificate } = await ca.issue({ names: ['a'], addresses: [], usage: 'server', days: 365 });
  expect(new X509Certificate(certificate).validTo).toBe(new X509Certificate(ca.certificate).validTo);
  clock.advance(2 * day);
  await expect(ca.issue({ names: ['a'], addresses: [], usage: 'server', days: 1 })).rejects.toThrow(/expired on/);
});

it('refuses a key that is missing or of another CA', async () => {
  const directory = temporaryDirectory();
  const other = temporaryDirectory();
  const clock = new ManualClock();
  await openLocalCa({ directory, clock });
  await openLocalCa({ directory: other, clock });
  copyFileSync(join(other, 'ca.key'), join(directory, 'ca.key'));
  await expect(openLocalCa({ directory, clock })).rejects.toThrow(/does not belong/);
  rmSync(join(directory, 'ca.key'));
  await expect(openLocalCa({ directory, clock })).rejects.toThrow(/ca.key is not/);
});
