import { expect, test } from 'vitest';
import { clientUnderTest, codeOf, messageTo, textOf } from './client-under-test.js';
import { answerOf, stubServer } from './stub-server.js';

test('the same bytes, on a fresh connection', async () => {
  const server = await stubServer((socket, number) => {
    if (number === 2) socket.resetAndDestroy();
    else socket.write(answerOf(`answer ${number}`));
  });
  const session = clientUnderTest().session();
  await session.post(messageTo(server.url, 'first'));
  expect(await textOf(session, messageTo(server.url, 'second'))).toBe('answer 3');
  expect(server.requests[2]).toBe(server.requests[1]);
  expect(server.connections).toHaveLength(2);
});

test('a close between the messages goes unnoticed', async () => {
  const server = await stubServer((socket, number) => socket.end(answerOf(`answer ${number}`)));
  const session = clientUnderTest().session();
  await session.post(messageTo(server.url));
  expect(await textOf(session, messageTo(server.url))).toBe('answer 2');
});

test('but only once', async () => {
  const server = await stubServer((socket, number) => {
    if (number > 1) socket.resetAndDestroy();
    else socket.write(answerOf('answer'));
  });
  const session = clientUnderTest().session();
  await session.post(messageTo(server.url));
  expect(await codeOf(session.post(messageTo(server.url)))).toBe('wire.reset');
  expect(server.requests).toHaveLength(3);
});

test('not on a connection that was fresh', async () => {
  const server = await stubServer((socket) => socket.resetAndDestroy());
  expect(await codeOf(clientUnderTest().session().post(messageTo(server.url)))).toBe('wire.reset');
  expect(server.requests).toHaveLength(1);
});

test('not when a byte of the answer had come', async () => {
  const server = await stubServer((socket, number) => {
    if (number === 1) socket.write(answerOf('answer'));
    else socket.write('HTTP/1.1 200', () => setImmediate(() => socket.end()));
  });
  const session = clientUnderTest().session();
  await session.post(messageTo(server.url));
  expect(await codeOf(session.post(messageTo(server.url)))).toMatch(/^wire\.(reset|malformed)$/);
  expect(server.requests).toHaveLength(2);
});
