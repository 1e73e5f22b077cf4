import { expect, test } from 'vitest';
import { type DmPoll, type DmResponse, ManualClock } from '#src/base/index.js';
import { endpointUnderTest, roomyLimits } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';
import { signalled } from './signalled.js';
import { timerStarted } from './timer-started.js';

/** An endpoint whose polls wait until they are answered by hand. */
async function openPolled(answerTimeout = 60_000, clock = new ManualClock()) {
  const polls: DmPoll[] = [];
  const came = signalled();
  let answer: (response: DmResponse) => void = () => {};
  const handler = (poll: DmPoll) => {
    polls.push(poll);
    came.set();
    return new Promise<DmResponse>((resolve) => {
      answer = resolve;
    });
  };
  const accepts = (path: string) => path === '/dm/trigger';
  const endpoint = await endpointUnderTest({ polls: { accepts, handler, answerTimeout }, clock });
  return { endpoint, polls, clock, came: came.isSet, answer: (response: DmResponse) => answer(response) };
}

const getOf = (fields: readonly string[] = [], path = '/dm/trigger', method = 'GET') =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: gateway.example', ...fields].join('\r\n')}\r\n\r\n`;

test('with what it shows of itself, and its connection carries the next', async () => {
  const { endpoint, polls, came, answer } = await openPolled();
  const peer = connectRaw(endpoint.port);
  peer.write(getOf(['Authorization: Basic bWU6cHc=']));
  await came;
  answer({ status: 204 });
  await peer.until('204 No Content');
  expect(polls).toMatchObject([{ path: '/dm/trigger', authorization: 'Basic bWU6cHc=', remoteAddress: '127.0.0.1', encrypted: false }]);
  peer.write(postOf('hello'));
  expect(statusesOf(await peer.until('hello'))).toEqual([204, 200]);
});

test('longer than a message may take, but not for ever', async () => {
  const { endpoint, clock, came } = await openPolled();
  const peer = connectRaw(endpoint.port);
  peer.write(getOf());
  await came;
  await timerStarted(clock, 'http answer');
  clock.advance(roomyLimits.answerTimeout);
  expect(clock.pending()).toContain('http answer');
  clock.advance(60_000);
  expect(statusesOf(await peer.closed)).toEqual([503]);
});

test('one whose peer is gone is told so', async () => {
  const { endpoint, polls, came } = await openPolled();
  const peer = connectRaw(endpoint.port);
  peer.write(getOf());
  await came;
  const aborted = new Promise((resolve) => polls[0]?.signal.addEventListener('abort', resolve));
  peer.socket.destroy();
  await aborted;
});

test.each([
  ['posted', getOf(['Content-Length: 0'], '/dm/trigger', 'POST'), 405],
  ['with a body', getOf(['Content-Length: 5']), 413],
  ['with a body in chunks', getOf(['Transfer-Encoding: chunked']), 413],
  ['by two names', getOf(['Authorization: Basic bWU6cHc=', 'Authorization: Basic eW91OnB3']), 400],
  ['with an expectation', getOf(['Expect: 100-continue']), 417],
  ['on a path of messages', getOf([], '/dm'), 405],
  ['elsewhere', getOf([], '/trigger'), 405],
])('%s it is refused', async (_how, bytes, status) => {
  const { endpoint, polls } = await openPolled();
  const peer = connectRaw(endpoint.port);
  peer.write(bytes);
  expect(statusesOf(await peer.until('\r\n\r\n'))).toEqual([status]);
  expect(polls).toEqual([]);
});

test('an endpoint without polls takes none', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(getOf());
  expect(statusesOf(await peer.until('\r\n\r\n'))).toEqual([405]);
});
