import { expect, it } from 'vitest';
import type { DmResponse } from '#src/base/index.js';
import { contentType, decode, packageOne } from '../gateway/peers.js';
import { device, type ServerUnderTest, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

const guesser = '192.0.2.66';

interface Said {
  readonly id?: string;
  readonly address?: string;
  readonly password?: string;
  readonly nonce?: string;
  readonly path?: string;
  readonly msgId?: string;
}

/** One message, as it comes from an address; the socket could show only one. */
function say(target: ServerUnderTest, sessionId: string, said: Said = {}): Promise<DmResponse> | DmResponse {
  const { id = device.id, address = guesser, password, nonce = 'eA==', path = '/dm', ...more } = said;
  const cred = password === undefined ? {} : { cred: { scheme: 'md5', userName: id, password, nonce } as const };
  const body = packageOne({ id, url: target.url, sessionId, ...more, ...cred });
  const { signal } = new AbortController();
  return target.server.handler({ path, contentType, body, remoteAddress: address, encrypted: true, signal });
}

function headerStatus({ status, body }: DmResponse): string {
  const [first] = status === 200 ? decode(body).SyncBody.commands : [];
  return first?.name === 'Status' ? first.Data : `HTTP ${status}`;
}

async function guess(target: ServerUnderTest, times: number, said: Said = {}): Promise<string[]> {
  const answers: string[] = [];
  for (let at = 0; at < times; at += 1) answers.push(headerStatus(await say(target, `g${at}`, { password: 'guess', ...said })));
  return answers;
}

it('five wrong credentials are challenged, then the account is not looked at from there for a while', async () => {
  const target = await startServer();
  expect(await guess(target, 5)).toEqual(Array(5).fill('401'));
  expect(await say(target, '9', { password: 'open' })).toEqual({ status: 503, headers: { 'Retry-After': '1' }, close: true });
  expect(target.said).toContain('warn: credentials were not looked at: too many were wrong before');
  target.clock.advance(1_000);
  expect(await guess(target, 2)).toEqual(['401', 'HTTP 503']);
});

it('in the midst of a session too, where the challenge has given it a nonce', async () => {
  const target = await startServer();
  const { SyncHdr, SyncBody } = decode((await say(target, '1')).body);
  const [header] = SyncBody.commands;
  const nonce = header?.name === 'Status' ? (header.Chal?.Meta.NextNonce ?? '') : '';
  const path = new URL(SyncHdr.RespURI ?? '').pathname;
  await guess(target, 5);
  expect(headerStatus(await say(target, '1', { path, nonce, password: 'open', msgId: '2' }))).toBe('HTTP 503');
  target.clock.advance(1_000);
  expect(headerStatus(await say(target, '1', { path, nonce, password: 'open', msgId: '3' }))).toBe('212');
});

it('the client elsewhere comes in, with its nonce even from where somebody guesses; so do others', async () => {
  const other = { ...device, id: 'urn:imei:2' };
  const target = await startServer({ clients: [device, other] });
  const client = new TestClient(target, device);
  expect((await client.visit()).end).toBe('complete');
  for (let at = 0; at < 60; at += 1) await guess(target, 1, { address: `198.51.100.${at}` });
  await guess(target, 6, { address: '127.0.0.1' });
  expect(await guess(target, 1, { address: '203.0.113.9' })).toEqual(['HTTP 503']);
  expect((await client.visit()).end).toBe('complete');
  expect((await new TestClient(target, other).visit()).end).toBe('complete');
});

it('a message without credentials is no guess', async () => {
  const target = await startServer();
  for (let at = 0; at < 20; at += 1) expect(headerStatus(await say(target, `n${at}`))).toBe('407');
  await guess(target, 6);
  expect(headerStatus(await say(target, 'later'))).toBe('407');
});

it('a name that nobody has is answered as one that a client has', async () => {
  const target = await startServer();
  expect(await guess(target, 12, { id: 'urn:imei:nobody' })).toEqual(await guess(target, 12));
});
