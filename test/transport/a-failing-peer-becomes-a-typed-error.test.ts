import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { clientUnderTest, codeOf, messageTo, textOf } from './client-under-test.js';
import { signalled } from './signalled.js';
import { answerOf, stubServer } from './stub-server.js';

test.each([
  ['too large by its Content-Length', answerOf('x'.repeat(1_001)), 'wire.too-large'],
  ['too large without', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1_001)}`, 'wire.too-large'],
  [
    'too large in chunks',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1_001)}\r\n0\r\n\r\n`,
    'wire.too-large',
  ],
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 'wire.malformed'],
  ['two lengths', answerOf('hello', ['Transfer-Encoding: chunked']), 'wire.malformed'],
  ['a head without end', `HTTP/1.1 200 OK\r\nX-Field: ${'x'.repeat(20_000)}`, 'wire.malformed'],
  ['compressed though not asked for', answerOf('hello', ['Content-Encoding: gzip']), 'wire.malformed'],
  ['shorter than announced', answerOf('hello').slice(0, -1), 'wire.reset'],
  ['nothing', '', 'wire.reset'],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 'wire.reset'],
])('an answer that is %s', async (_what, bytes, code) => {
  const server = await stubServer((socket) => socket.end(bytes));
  expect(await codeOf(clientUnderTest().session().post(messageTo(server.url)))).toBe(code);
});

test('an answer that never comes', async () => {
  const clock = new ManualClock();
  const asked = signalled();
  const server = await stubServer(asked.set);
  const answer = codeOf(clientUnderTest({ clock }).session().post(messageTo(server.url)));
  await asked.isSet;
  clock.advance(20_000);
  expect(await answer).toBe('wire.timeout');
});

test('an answer that never ends', async () => {
  const clock = new ManualClock();
  const asked = signalled();
  const server = await stubServer((socket) => socket.write(answerOf('hello').slice(0, -1), asked.set));
  const answer = codeOf(clientUnderTest({ clock }).session().post(messageTo(server.url)));
  await asked.isSet;
  clock.advance(20_000);
  expect(await answer).toBe('wire.timeout');
});

test('a post that is given up, or whose session closes', async () => {
  const server = await stubServer((_socket, number) => (number === 1 ? giveUp.abort() : session.close()));
  const giveUp = new AbortController();
  const session = clientUnderTest().session();
  expect(await codeOf(session.post({ ...messageTo(server.url), signal: giveUp.signal }))).toBe('wire.aborted');
  expect(await codeOf(session.post(messageTo(server.url)))).toBe('wire.aborted');
});

test('nobody there', async () => {
  const session = clientUnderTest().session();
  expect(await codeOf(session.post(messageTo('http://127.0.0.1:1/dm')))).toBe('wire.refused');
});

test.each(['no url', 'ftp://host/', 'http://user:secret@host/'])('the address %s', async (url) => {
  const failure = await clientUnderTest()
    .session()
    .post(messageTo(url))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'wire.address' });
  expect(String(failure)).not.toContain('secret');
});

test('after which the session can go on', async () => {
  const server = await stubServer((socket, number) => socket.write(number === 1 ? 'rubbish\r\n' : answerOf('two')));
  const session = clientUnderTest().session();
  expect(await codeOf(session.post(messageTo(server.url)))).toBe('wire.malformed');
  expect(await textOf(session, messageTo(server.url))).toBe('two');
});

test('but a status is an answer, and a redirect is not followed', async () => {
  const server = await stubServer((socket) => socket.write(answerOf('', ['Location: /other'], '302 Found')));
  const answer = await clientUnderTest().session().post(messageTo(server.url));
  expect(answer).toMatchObject({ status: 302, headers: { location: '/other' } });
  expect(server.requests).toHaveLength(1);
});
