import { expect, test } from 'vitest';
import { clientUnderTest, messageTo, textOf } from './client-under-test.js';
import { answerOf, stubServer } from './stub-server.js';

test('and keeps it for all its messages', async () => {
  const server = await stubServer((socket, number) => socket.write(answerOf(`answer ${number}`)));
  const client = clientUnderTest();
  const [one, other] = [client.session(), client.session()];
  expect(await textOf(one, messageTo(server.url))).toBe('answer 1');
  expect(await textOf(other, messageTo(server.url))).toBe('answer 2');
  expect(await textOf(one, messageTo(server.url))).toBe('answer 3');
  expect(await textOf(other, messageTo(server.url))).toBe('answer 4');
  expect(server.connections).toHaveLength(2);
});

test('given back when the session closes', async () => {
  const server = await stubServer((socket) => socket.write(answerOf('answer')));
  const session = clientUnderTest().session();
  await session.post(messageTo(server.url));
  const closed = new Promise((resolve) => server.connections[0]?.once('close', resolve));
  session.close();
  await closed;
  await expect(session.post(messageTo(server.url))).rejects.toMatchObject({ code: 'wire.aborted' });
});

test('given back when the session goes on elsewhere', async () => {
  const first = await stubServer((socket) => socket.write(answerOf('first')));
  const second = await stubServer((socket) => socket.write(answerOf('second')));
  const session = clientUnderTest().session();
  await session.post(messageTo(first.url));
  const closed = new Promise((resolve) => first.connections[0]?.once('close', resolve));
  expect(await textOf(session, messageTo(second.url))).toBe('second');
  await closed;
});

test('with one message at a time', async () => {
  const server = await stubServer((socket) => socket.write(answerOf('answer')));
  const session = clientUnderTest().session();
  const first = session.post(messageTo(server.url));
  await expect(session.post(messageTo(server.url))).rejects.toThrow('one message at a time');
  await first;
});
