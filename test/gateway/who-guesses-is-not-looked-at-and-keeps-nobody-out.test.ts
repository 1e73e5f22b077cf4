import { expect, test } from 'vitest';
import { Counters, systemEntropy } from '#src/base/index.js';
import type { Scheme } from '#src/dm/auth/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import type { DmResponse } from '#src/gateway/index.js';
import { declareDevice, deviceId, type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { contentType, decode, FarDevice, packageOne } from './peers.js';

const stranger = 'urn:imei:000000000000001';
const guesser = '192.0.2.66';
const home = '192.0.2.1';

interface Said {
  readonly id?: string;
  readonly address?: string;
  readonly password?: string;
  readonly nonce?: string;
  readonly scheme?: Scheme;
}

/** One message of a session of its own, as it comes from an address; the socket could show only one. */
async function say(under: GatewayUnderTest, said: Said & { readonly sessionId: string }): Promise<DmResponse> {
  const { id = deviceId, address = guesser, password, nonce = 'eA==', scheme = 'md5', sessionId } = said;
  const cred = password === undefined ? {} : { cred: { scheme, userName: 'device', password, nonce } };
  const body = packageOne({ id, url: under.url, sessionId, ...cred });
  return under.gateway.handler({
    path: '/dm',
    contentType,
    body,
    remoteAddress: address,
    encrypted: true,
    signal: new AbortController().signal,
  });
}

function headerStatus({ status, body }: DmResponse): string {
  const [first] = status === 200 ? decode(body).SyncBody.commands : [];
  return first?.name === 'Status' ? first.Data : `HTTP ${status}`;
}

async function guess(under: GatewayUnderTest, times: number, said: Said = {}): Promise<string[]> {
  const answers: string[] = [];
  for (let at = 0; at < times; at += 1) answers.push(headerStatus(await say(under, { password: 'guess', sessionId: `g${at}`, ...said })));
  return answers;
}

test('five wrong credentials are answered by a challenge, then the account is not looked at from there for a while', async () => {
  const counters = new Counters();
  const under = await openGateway({ counters });
  declareDevice(under);
  expect(await guess(under, 5)).toEqual(Array(5).fill('401'));
  const sessions = under.gateway.sessions().length;
  const refused = await say(under, { password: 'device-password', sessionId: '9' });
  expect(refused).toEqual({ status: 503, headers: { 'Retry-After': '1' }, close: true });
  expect(under.gateway.sessions()).toHaveLength(sessions);
  expect(counters.samples('postern_logins_refused_total')).toEqual([
    { labels: { door: 'south', outcome: 'unproved' }, value: 5 },
    { labels: { door: 'south', outcome: 'delayed' }, value: 1 },
  ]);
  under.clock.advance(1_000);
  expect(await guess(under, 2)).toEqual(['401', 'HTTP 503']);
});

test('in the midst of a session too, where the challenge has given it a nonce', async () => {
  const under = await openGateway();
  declareDevice(under);
  const challenged = await say(under, { sessionId: '1' });
  const { SyncHdr, SyncBody } = decode(challenged.body);
  const [header] = SyncBody.commands;
  const nonce = header?.name === 'Status' ? (header.Chal?.Meta.NextNonce ?? '') : '';
  await guess(under, 5);
  const path = new URL(SyncHdr.RespURI ?? '').pathname;
  const cred = { scheme: 'md5', userName: 'device', password: 'device-password', nonce } as const;
  const answer = (msgId: string) =>
    under.gateway.handler({
      path,
      contentType,
      body: packageOne({ id: deviceId, url: under.url, sessionId: '1', msgId, cred }),
      remoteAddress: guesser,
      encrypted: true,
      signal: new AbortController().signal,
    });
  expect(headerStatus(await answer('2'))).toBe('HTTP 503');
  under.clock.advance(1_000);
  expect(headerStatus(await answer('3'))).toBe('212');
});

test('2 000 guesses in an hour keep out neither the device elsewhere nor others at the same address', async () => {
  const under = await openGateway();
  declareDevice(under);
  declareDevice(under, [], { id: 'urn:imei:2' });
  let looked = 0;
  for (let attempt = 0; attempt < 2_000; attempt += 1) {
    const answer = await say(under, { password: `guess ${attempt}`, sessionId: String(attempt) });
    if (answer.status === 200) looked += 1;
    under.clock.advance(1_800);
  }
  expect(looked).toBeLessThanOrEqual(30);
  expect(headerStatus(await say(under, { address: home, password: 'wrong', sessionId: 'w' }))).toBe('401');
  expect(headerStatus(await say(under, { id: 'urn:imei:2', password: 'wrong', sessionId: 'w' }))).toBe('401');
  // From 127.0.0.1, over a real socket, without a nonce yet: challenged, and then let in.
  expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
});

test('with the nonce that it was given a device is let in, from wherever guesses come', async () => {
  const under = await openGateway();
  declareDevice(under);
  const device = new FarDevice(under.url);
  await device.session();
  for (let address = 0; address < 60; address += 1) await guess(under, 1, { address: `192.0.2.${address}` });
  const nonce = device.nonces.get('client') ?? '';
  expect(await guess(under, 1, { address: '203.0.113.9' })).toEqual(['HTTP 503']);
  const password = 'device-password';
  // A right password alone, with another nonce, is a guess as any other.
  expect(headerStatus(await say(under, { address: '203.0.113.9', password, nonce: systemEntropy.nonce(), sessionId: '7' }))).toBe(
    'HTTP 503',
  );
  expect(headerStatus(await say(under, { address: '203.0.113.9', password, nonce, sessionId: '8' }))).toBe('212');
  expect(await device.session()).toMatchObject({ reason: 'complete' });
});

test('a message without credentials is no guess', async () => {
  const under = await openGateway();
  declareDevice(under);
  for (let at = 0; at < 20; at += 1) expect(headerStatus(await say(under, { sessionId: `n${at}` }))).toBe('407');
  expect(await guess(under, 1)).toEqual(['401']);
  await guess(under, 5);
  expect(headerStatus(await say(under, { sessionId: 'later' }))).toBe('407');
});

test.each(['md5', 'basic'] as const)('a name that nobody has is answered byte for byte like one that a device has: %s', async (scheme) => {
  const under = await openGateway();
  declareDevice(under, [], { south: { scheme, userName: 'device', clientSecret: keptSecret(scheme, 'device', 'device-password', false) } });
  const answers = async (id: string) => {
    const all: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      const { body, ...rest } = await say(under, { id, scheme, password: 'guess', sessionId: `${at}` });
      const text = Buffer.from(body ?? []).toString();
      all.push(
        JSON.stringify(rest) +
          text
            .replaceAll(id, 'ID')
            .replace(/NextNonce[^<]*<\/?|>[\w+/]{22}==</g, 'N')
            .replace(/\/s\/[\w-]{32}/g, ''),
      );
    }
    return all;
  };
  expect(await answers(stranger)).toEqual(await answers(deviceId));
});
