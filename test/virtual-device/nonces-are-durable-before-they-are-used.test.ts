import { expect, test } from 'vitest';
import type { DmClientFactory } from '#src/base/index.js';
import type { KeptState } from '../../src/virtual-device/state-file.js';
import { deviceFor } from './device.js';
import { ask, DmServer } from './dm-server.js';

/** Looks into the state that is on disk at the moment in which a message leaves. */
function watching(kept: () => KeptState | undefined, seen: string[][]): (clients: DmClientFactory) => DmClientFactory {
  return (clients) => ({
    close: () => clients.close(),
    session() {
      const session = clients.session();
      return {
        close: () => session.close(),
        post(request) {
          const text = Buffer.from(request.body).toString();
          const handedOver = [...text.matchAll(/<NextNonce[^>]*>([^<]+)</g)].map(([, nonce]) => nonce ?? '');
          if (!text.includes('>401<') && !text.includes('>407<'))
            seen.push(handedOver.filter((nonce) => !JSON.stringify(kept()).includes(nonce)));
          return session.post(request);
        },
      };
    },
  });
}

test('a nonce that we hand over is written down before the message leaves', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Get', './DevInfo/Man')], [], [ask('Get', './DevInfo/Mod')]);
  let written: KeptState | undefined;
  const missing: string[][] = [];
  const state = {
    read: () => undefined,
    write: (kept: KeptState) => {
      written = structuredClone(kept);
    },
  };
  const { device } = deviceFor({ url: server.url, state, through: watching(() => written, missing) });
  await device.runSession();
  expect(server.nonces.server).toBeDefined();
  expect(missing.flat()).toEqual([]);
  expect(JSON.stringify(written?.tree)).toContain(server.nonces.server);
  expect(JSON.stringify(written?.tree)).toContain(server.nonces.client);
});
