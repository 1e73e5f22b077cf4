import { expect, test } from 'vitest';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectRaw, postOf } from './raw-peer.js';
import { signalled } from './signalled.js';

test('while it is answering', async () => {
  const handling = signalled();
  const aborted = signalled();
  const endpoint = await endpointUnderTest({
    handler: async ({ signal }) => {
      signal.addEventListener('abort', aborted.set);
      handling.set();
      await aborted.isSet;
      return { status: 200 };
    },
  });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello'));
  await handling.isSet;
  peer.socket.resetAndDestroy();
  await aborted.isSet;
  expect(endpoint.requests[0]?.signal.aborted).toBe(true);
});

test('and is not called for a body that broke off', async () => {
  const seen: string[] = [];
  const endpoint = await endpointUnderTest({
    accepts: (path) => {
      seen.push(path);
      return true;
    },
  });
  const gone = connectRaw(endpoint.port);
  gone.write(postOf('hello').slice(0, -1));
  gone.socket.end();
  await gone.closed;
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('second'));
  await peer.until('second');
  expect(seen).toHaveLength(2);
  expect(endpoint.requests).toHaveLength(1);
});
