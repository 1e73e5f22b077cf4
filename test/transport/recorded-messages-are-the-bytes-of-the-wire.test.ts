import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPosternError, silentLog } from '#src/base/index.js';
import { createRecorder } from '#src/transport/index.js';
import { clientUnderTest, messageTo, textOf } from './client-under-test.js';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectRaw, postOf } from './raw-peer.js';
import { answerOf, stubServer } from './stub-server.js';

let directory: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'postern-record-')), 'evidence');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

function recorded(): Record<string, string> {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'latin1')]));
}

test('what an endpoint receives and sends', async () => {
  const recorder = createRecorder(directory, silentLog);
  const endpoint = await endpointUnderTest({ recorder: recorder.leg('south') });
  const peer = connectRaw(endpoint.port);
  const request = postOf('hello', ['Content-Type: text/plain', 'X-Twice: 1', 'x-twice: 2', 'Connection: close']);
  peer.write(request);
  const answer = await peer.closed;
  await recorder.written();
  expect(recorded()).toEqual({ '0001-south-request.http': request, '0002-south-response.http': answer });
});

test('what a client sends and receives, an unchunked body included', async () => {
  const recorder = createRecorder(directory, silentLog);
  const server = await stubServer((socket, number) =>
    socket.write(
      number === 1
        ? answerOf('one', ['X-Field: a'])
        : 'HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ntw\r\n1\r\no\r\n0\r\n\r\n',
    ),
  );
  const session = clientUnderTest({ recorder: recorder.leg('north') }).session();
  await session.post(messageTo(server.url));
  expect(await textOf(session, messageTo(server.url))).toBe('two');
  await recorder.written();
  expect(recorded()).toEqual({
    '0001-north-request.http': server.requests[0],
    '0002-north-response.http': answerOf('one', ['X-Field: a']),
    '0003-north-request.http': server.requests[1],
    '0004-north-response.http': 'HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\ntwo',
  });
});

test('for us alone to read, and numbered on from an earlier run', async () => {
  const first = createRecorder(directory, silentLog);
  const message = { startLine: 'HTTP/1.1 200 OK', fields: [], body: new Uint8Array([0, 255]) };
  first.leg('south').record('response', message);
  await first.written();
  const second = createRecorder(directory, silentLog);
  second.leg('north').record('response', message);
  await second.written();
  expect(Object.keys(recorded())).toEqual(['0001-south-response.http', '0002-north-response.http']);
  expect(recorded()['0002-north-response.http']).toBe('HTTP/1.1 200 OK\r\n\r\n\x00\xff');
  expect(statSync(join(directory, '0001-south-response.http')).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test('traffic goes on when they cannot be written', async () => {
  const failures: object[] = [];
  const recorder = createRecorder(directory, { ...silentLog, error: (fields) => failures.push(fields) });
  rmSync(directory, { recursive: true });
  const endpoint = await endpointUnderTest({ recorder: recorder.leg('south') });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello'));
  expect(await peer.until('hello')).toContain('200 OK');
  await recorder.written();
  expect(failures).toHaveLength(2);
  mkdirSync(directory);
});

test('a directory that cannot be made is said at once', () => {
  let failure: unknown;
  try {
    createRecorder('/dev/null/evidence', silentLog);
  } catch (error) {
    failure = error;
  }
  expect(isPosternError(failure, 'wire.recorder')).toBe(true);
});
