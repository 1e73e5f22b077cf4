import { expect, test } from 'vitest';
import { clientUnderTest, messageTo, textOf } from './client-under-test.js';
import { answerOf, stubServer } from './stub-server.js';

const canary = answerOf("another device's answer");

test('a second answer that follows at once', async () => {
  const server = await stubServer((socket, number) => socket.write(number === 1 ? answerOf('one') + canary : answerOf('two')));
  const session = clientUnderTest().session();
  expect(await textOf(session, messageTo(server.url))).toBe('one');
  expect(await textOf(session, messageTo(server.url))).toBe('two');
  expect(server.connections).toHaveLength(2);
});

test('a second answer that comes later', async () => {
  const server = await stubServer((socket, number) => socket.write(answerOf(number === 1 ? 'one' : 'two')));
  const session = clientUnderTest().session();
  expect(await textOf(session, messageTo(server.url))).toBe('one');
  const closed = new Promise((resolve) => server.connections[0]?.once('close', resolve));
  server.connections[0]?.write(canary);
  await closed;
  expect(await textOf(session, messageTo(server.url))).toBe('two');
  expect(server.connections).toHaveLength(2);
});

test('a second answer that lies unread when the next message is sent', async () => {
  const server = await stubServer((socket, number) => {
    socket.write(answerOf(number === 1 ? 'one' : 'two'));
  });
  const session = clientUnderTest().session();
  expect(await textOf(session, messageTo(server.url))).toBe('one');
  server.connections[0]?.write(canary);
  expect(await textOf(session, messageTo(server.url))).toBe('two');
  expect(server.connections).toHaveLength(2);
});

test('a single byte', async () => {
  const server = await stubServer((socket, number) => socket.write(answerOf(`${number}`)));
  const session = clientUnderTest().session();
  await session.post(messageTo(server.url));
  const closed = new Promise((resolve) => server.connections[0]?.once('close', resolve));
  server.connections[0]?.write('\n');
  await closed;
  expect(await textOf(session, messageTo(server.url))).toBe('2');
});
