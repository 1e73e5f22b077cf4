import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect, type SecureVersion } from 'node:tls';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { knock } from '../../e2e/knock.js';
import { type Device, deviceId, Site } from '../../e2e/site.js';
import { AddressTranslator } from '../address-translator.js';
import { codes, manage } from '../management.js';

let site: Site;
let device: Device;
let trust: string;
/** Lies on the way between the device and the gateway. */
let way: AddressTranslator;

beforeAll(async () => {
  way = await AddressTranslator.open();
  site = await Site.open({ gateway: { south: { port: way.target, publicUrl: `https://127.0.0.1:${way.port}` } } });
  const added = await site.addDevice();
  trust = added.trust;
  device = await site.startDevice(added);
});
afterAll(async () => {
  await site.close();
  await way.close();
});

const confidential =
  'DM10:6.1.1.5-1, SCH:6.1.1.5-1, DM10:6.1.1.5-4, SCH:6.1.1.5-4, CP:6.1.1-9, CP:6.1.1-10: ' +
  'who owns the way between device and gateway reads nothing of what they say';
it(confidential, async () => {
  const [added] = await manage(site, device, { command: 'Add', uri: './Vendor/Secret', data: 'the-owners-secret', format: 'chr' });
  expect(codes(added)).toEqual([200]);
  expect(await device.read('./Vendor/Secret')).toBe('the-owners-secret');
  expect(way.seen.length).toBeGreaterThan(1000);
  for (const word of ['SyncML', 'SyncHdr', 'the-owners-secret', deviceId, 'POST']) expect(way.seen).not.toContain(word);
});

/** The first byte of a TLS record that belongs to a handshake. */
const handshakeRecord = 22;

const whole = 'DM10:6.1.1.4-1, SCH:6.1.1.4-1, CP:6.1.1-8: one bit changed on the way, in either direction, and the message is not taken';
it.each(['target', 'client'] as const)(`${whole} (%s)`, async (side) => {
  const before = await device.read('./Vendor/Lamp/Level');
  const [queued] = await site.queue([{ command: 'Replace', uri: './Vendor/Lamp/Level', data: '77', format: 'int' }]);
  let changed = 0;
  // What is neither a hello nor as short as the end of a handshake holds messages of the session.
  way.meddle = (bytes, towards) => {
    if (towards !== side || bytes[0] === handshakeRecord || bytes.length < 400) return bytes;
    changed += 1;
    const other = Buffer.from(bytes);
    other.writeUInt8(other.readUInt8(other.length - 1) ^ 1, other.length - 1);
    return other;
  };
  const session = await device.session();
  way.meddle = (bytes) => bytes;
  expect(changed).toBeGreaterThan(0);
  expect(session).toMatchObject({ ok: false });
  expect(await device.read('./Vendor/Lamp/Level')).toBe(before);
  expect((await site.outcomes([queued ?? '']))[0]?.state).not.toBe('done');
  // Nothing was lost by it either: the next session on a clean way brings the change.
  await device.session();
  expect(await device.read('./Vendor/Lamp/Level')).toBe('77');
  await device.ask({ do: 'set', uri: './Vendor/Lamp/Level', value: String(before) });
});

const https =
  'DM10:6.3.1.2-4, SCH:6.3.1.2-4, DM10:6.3.4-14, SCH:6.3.4-14, DM10:6.3.4.1-4, SCH:6.3.4.1-4, CP:6.2-14, CP:6.2-26, CP:6.2-28: ' +
  'server and gateway speak https, TLS 1.2 or later, and nothing else';
it(https, async () => {
  const serverTrust = readFileSync(`${site.serverState}/ca.pem`, 'utf8');
  const ends = [
    { port: Number(new URL(site.serverUrl).port), ca: serverTrust },
    { port: way.target, ca: trust },
  ];
  for (const { port, ca } of ends) {
    expect(await handshake(port, ca, 'TLSv1.2')).toBe('TLSv1.2');
    expect(await handshake(port, ca, 'TLSv1.3')).toBe('TLSv1.3');
    expect(await handshake(port, ca, 'TLSv1.1')).toBe('refused');
    expect(await plainly(port)).not.toMatch(/^HTTP\/1\.1 200/);
  }
});

const standards =
  'DM10:6.3.1.2-1, SCH:6.3.1.2-1, DM10:6.3.1.2-5, SCH:6.3.1.2-5, DM10:6.3.4.1-1, SCH:6.3.4.1-1, DM10:6.3.4.1-5, SCH:6.3.4.1-5, ' +
  'CP:6.2-11, CP:6.2-12, CP:6.2-15, CP:6.2-27, CP:6.2-29: ' +
  'tools that know only TCP/IP, https and XML get the answers of OMA DM from server and gateway';
it(standards, async () => {
  const serverTrust = readFileSync(`${site.serverState}/ca.pem`, 'utf8');
  for (const { url, ca } of [
    { url: site.serverUrl, ca: serverTrust },
    { url: site.gatewayUrl, ca: trust },
  ]) {
    const answer = await knock({ url, trust: ca, body: packageOne(url) });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/vnd\.syncml\.dm\+xml/);
    expect(elements(answer.body.toString())).toEqual(
      expect.objectContaining({ root: 'SyncML', VerProto: 'DM/1.2', SessionID: '9', Cmd: 'SyncHdr' }),
    );
    expect(elements(answer.body.toString())['Type']).toMatch(/^syncml:auth-/);
  }
});

function packageOne(url: string): string {
  const header = `<VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>9</SessionID><MsgID>1</MsgID><Target><LocURI>${url}</LocURI></Target><Source><LocURI>${deviceId}</LocURI></Source>`;
  const alert = '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Final/>';
  return `<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr>${header}</SyncHdr><SyncBody>${alert}</SyncBody></SyncML>`;
}

/** The first text of each element, read by a parser that is not ours. */
function elements(xml: string): Record<string, string> {
  const found: Record<string, string> = {};
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    if (open.length === 0) found['root'] = name;
    open.push(name);
  });
  parser.on('text', (text) => {
    found[open.at(-1) ?? ''] ??= text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return found;
}

/** Which version a client that speaks only this one gets. */
async function handshake(port: number, ca: string, version: SecureVersion): Promise<string> {
  const ciphers = 'DEFAULT@SECLEVEL=0';
  const socket = connect({ host: '127.0.0.1', port, ca, minVersion: version, maxVersion: version, ciphers });
  try {
    await once(socket, 'secureConnect');
    return socket.getProtocol() ?? '';
  } catch {
    // The other end wanted no such connection: that is the answer.
    return 'refused';
  } finally {
    socket.destroy();
  }
}

/** What comes back to a plain http request. */
async function plainly(port: number): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write('POST /dm HTTP/1.1\r\nHost: x\r\nContent-Type: application/vnd.syncml.dm+xml\r\nContent-Length: 0\r\n\r\n');
  await once(socket, 'close');
  return heard;
}
