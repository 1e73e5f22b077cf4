import { expect, test } from 'vitest';
import { connectRaw } from '../raw-peer.js';
import { answerOf } from '../stub-server.js';
import { connectHead, headOf, openUpstream, proxyUnderTest, shown } from './proxy-under-test.js';

function ask(port: number, name: string, more = ''): string {
  const body = `canary-${name}${more}`;
  return `${headOf(`POST http://127.0.0.1:${port}/dm HTTP/1.1`, `Host: 127.0.0.1:${port}`, shown(name), `Content-Length: ${body.length}`)}${body}`;
}

/** `npm run torture -- --sessions 10000` is the long form. */
const interleaved = Number(process.env['POSTERN_TEST_SESSIONS'] ?? 400);

const names = Array.from({ length: 40 }, (_, at) => `d${String(at).padStart(4, '0')}`);

test('forty devices at once, their server saying more than it was asked', async () => {
  const upstream = await openUpstream((socket) =>
    socket.on('data', (chunk) => {
      const name = /canary-(d\d+)/.exec(chunk.toString())?.[1];
      if (name !== undefined) socket.write(answerOf(`for ${name}`) + answerOf(`surplus of ${name}`));
    }),
  );
  const proxy = await proxyUnderTest();
  const answers = await Promise.all(
    names.map((name) => {
      const peer = connectRaw(proxy.port);
      peer.write(ask(upstream.port, name));
      return peer.closed;
    }),
  );
  expect(upstream.connections).toHaveLength(names.length);
  for (const [at, answer] of answers.entries()) {
    expect(answer).toContain(`for ${names[at]}`);
    expect(answer).not.toContain('surplus');
    expect(answer.match(/ d\d+/g)).toEqual([` ${names[at]}`]);
  }
  for (const received of upstream.received) expect(new Set(received.match(/d\d{4}/g))).toHaveProperty('size', 1);
});

test(`${interleaved} sessions of forty devices, by message and by tunnel, each with a canary of its own`, {
  timeout: Math.max(120_000, 60 * interleaved),
}, async () => {
  const upstream = await openUpstream((socket) =>
    socket.on('data', (chunk) => {
      const [, canary, last] = /canary-(d\d+)(-last)?/.exec(chunk.toString()) ?? [];
      if (canary === undefined) return;
      if (last === undefined) socket.write(answerOf(`for ${canary}`));
      else socket.end(answerOf(`at last for ${canary}`) + answerOf(`surplus of ${canary}`));
    }),
  );
  const proxy = await proxyUnderTest();
  let at = 0;
  const converse = async () => {
    while (at < interleaved) {
      const canary = `d${String(at++).padStart(5, '0')}`;
      const peer = connectRaw(proxy.port);
      const tunnelled = at % 2 === 0;
      if (tunnelled) {
        peer.write(connectHead(upstream.port, canary));
        await peer.until('200 Connection established');
      }
      // Two messages of one session, on one connection each side.
      peer.write(tunnelled ? `canary-${canary}` : ask(upstream.port, canary));
      await peer.until(`for ${canary}`);
      peer.write(tunnelled ? `canary-${canary}-last` : ask(upstream.port, canary, '-last'));
      if (tunnelled) peer.socket.once('end', () => peer.socket.end());
      const received = await peer.closed;
      expect(received).toContain(`at last for ${canary}`);
      expect(new Set(received.match(/d\d{5}/g))).toEqual(new Set([canary]));
      expect(received.includes('surplus')).toBe(tunnelled);
    }
  };
  await Promise.all(names.map(converse));
  expect(upstream.connections).toHaveLength(interleaved);
  expect(upstream.received.filter((received) => new Set(received.match(/d\d{5}/g)).size !== 1)).toEqual([]);
});

test('twenty tunnels that take turns', async () => {
  const upstream = await openUpstream((socket) => socket.on('data', (chunk) => socket.write(`echo ${chunk}`)));
  const proxy = await proxyUnderTest();
  const some = names.slice(0, 20);
  const peers = some.map((name) => {
    const peer = connectRaw(proxy.port);
    peer.write(connectHead(upstream.port, name));
    return { name, peer };
  });
  await Promise.all(peers.map(({ peer }) => peer.until('200 Connection established')));
  for (let turn = 0; turn < 5; turn += 1) {
    await Promise.all(
      peers.map(({ name, peer }) => {
        peer.write(`[${turn} ${name}]`);
        return peer.until(`echo [${turn} ${name}]`);
      }),
    );
  }
  for (const { peer } of peers) peer.socket.end();
  for (const socket of upstream.connections) socket.end();
  for (const { name, peer } of peers) expect(new Set((await peer.closed).match(/d\d{4}/g))).toEqual(new Set([name]));
  for (const received of upstream.received) expect(new Set(received.match(/d\d{4}/g))).toHaveProperty('size', 1);
});

test('a server that speaks before it is asked is cut off, by message and by tunnel', async () => {
  const upstream = await openUpstream((socket) => socket.write(answerOf('canary')));
  const proxy = await proxyUnderTest();
  const message = connectRaw(proxy.port);
  message.write(ask(upstream.port, 'd0000'));
  expect(await message.closed).not.toContain('canary');
  const tunnel = connectRaw(proxy.port);
  tunnel.write(connectHead(upstream.port));
  expect(await tunnel.closed).not.toContain('canary');
});

test('a second request before the answer ends it', async () => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(ask(upstream.port, 'd0000'));
  await upstream.until('canary-d0000');
  peer.write(ask(upstream.port, 'd0001'));
  expect(await peer.closed).toBe('');
  expect(upstream.received.join('')).not.toContain('d0001');
});
