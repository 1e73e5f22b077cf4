import { expect, test } from 'vitest';
import { silentLog } from '#src/base/index.js';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';

test.each([
  ['rejects', () => Promise.reject(new Error('the key is under the mat'))],
  [
    'throws',
    () => {
      throw new Error('the key is under the mat');
    },
  ],
])('when it %s', async (_how, handler) => {
  const logged: object[] = [];
  const log = { ...silentLog, error: (fields: object) => logged.push(fields) };
  const endpoint = await endpointUnderTest({ handler, log });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello'));
  const answer = await peer.closed;
  expect(statusesOf(answer)).toEqual([500]);
  expect(answer).not.toContain('mat');
  expect(logged).toMatchObject([{ err: { message: 'the key is under the mat' }, path: '/dm' }]);
});
