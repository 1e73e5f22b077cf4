import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { type Alert, xmlCodec } from '#src/dm/syncml/index.js';
import { openGateway } from './gateway-under-test.js';
import { contentType, decode } from './peers.js';

/** 64 of them may be open. */
const strangers = 64;
const mebibyte = 1_048_576;

test('an open session of a stranger keeps neither the message nor its body', async () => {
  const { hear } = await southDoor();
  // Once before, so that what is made once is there.
  await hear(packageOne('urn:imei:first', { padding: 'x' }));
  const before = await held();
  for (let at = 0; at < strangers; at += 1) {
    const { status } = await hear(packageOne(`urn:imei:0000000000${at}`, { padding: 'x'.repeat(mebibyte / 4) }));
    expect(status).toBe(200);
  }
  expect((await held()) - before).toBeLessThan(4 * mebibyte);
});

test('names that no session is to keep are refused', async () => {
  const { hear, under } = await southDoor();
  const long = 'x'.repeat(1_025);
  for (const header of [{ id: `urn:${long}` }, { name: long }, { version: long }]) {
    expect(await hear(packageOne('urn:imei:1', header))).toMatchObject({ status: 413, close: true });
  }
  expect(under.gateway.sessions()).toEqual([]);
  expect(await hear(packageOne('urn:imei:1', { name: 'x'.repeat(1_024) }))).toMatchObject({ status: 200 });
});

test('of many commands that are not taken the header alone is answered', async () => {
  const { hear } = await southDoor();
  const few = await hear(packageOne('urn:imei:1', { alerts: 100 }));
  expect(decode(few.body).SyncBody.commands).toHaveLength(101);
  const many = await hear(packageOne('urn:imei:2', { alerts: 101 }));
  expect(decode(many.body).SyncBody.commands).toMatchObject([{ name: 'Status', Cmd: 'SyncHdr', Data: '407' }]);
});

async function southDoor() {
  const under = await openGateway({ settings: { maxSessions: strangers * 4 } });
  const path = new URL(under.url).pathname;
  const peer = { path, contentType, encrypted: true, remoteAddress: '192.0.2.1', signal: new AbortController().signal };
  const hear = (body: Uint8Array) => under.gateway.handler({ ...peer, body });
  return { under, hear };
}

interface Written {
  readonly id?: string;
  readonly name?: string;
  readonly version?: string;
  readonly alerts?: number;
  /** Stands in a comment. */
  readonly padding?: string;
}

function packageOne(DevId: string, { id = DevId, name, version = '1.2', alerts = 1, padding = '' }: Written): Uint8Array {
  const commands = Array.from({ length: alerts }, (_, at): Alert => ({ name: 'Alert', CmdID: String(at + 1), Data: '1201' }));
  const bytes = xmlCodec.encode({
    SyncHdr: {
      VerDTD: version,
      VerProto: 'DM/1.2',
      SessionID: '1',
      MsgID: '1',
      Target: { LocURI: 'https://gateway.example/dm' },
      Source: { LocURI: id, ...(name === undefined ? {} : { LocName: name }) },
    },
    SyncBody: { commands, Final: true },
  });
  return Buffer.from(Buffer.from(bytes).toString().replace('<SyncBody>', `<!--${padding}--><SyncBody>`));
}

/** Bytes that this process holds once its garbage is collected. */
async function held(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let at = 0; at < 3; at += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
