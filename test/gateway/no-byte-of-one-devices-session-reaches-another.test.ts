import { expect, test } from 'vitest';
import { genericAlert, get } from './commands.js';
import { declareDevice, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

/** POSTERN_INTERLEAVED_SESSIONS=10000 is the long form. */
const sessions = Number(process.env['POSTERN_INTERLEAVED_SESSIONS'] ?? 128);

/** Each shows its own name in its identity, in what it reports and in every message that it gets. */
const ids = Array.from({ length: 16 }, (_, at) => `urn:imei:4901542032${String(at).padStart(5, '0')}`);

test(`${sessions} proxied sessions of sixteen devices at once`, { timeout: 600_000 }, async () => {
  const server = await FarServer.open({ batches: Array.from({ length: sessions }, () => [get('g', './DevInfo/DevId')]) });
  const under = await openGateway();
  for (const id of ids) declareDevice(under, [server], { id });
  let begun = 0;
  const converse = async (id: string) => {
    while (begun < sessions) {
      const canary = `${id} canary ${begun++}`;
      const device = new FarDevice(under.url, { id, sessionId: String(begun) });
      expect(await device.session([genericAlert(canary)])).toMatchObject({ reason: 'complete' });
      expect(namedIn(device.received)).toEqual([id]);
    }
  };
  await Promise.all(ids.map(converse));
  const sources = server.messages.filter((message) => ids.includes(message.SyncHdr.Source.LocURI));
  expect(sources.filter((message) => namedIn(message).join() !== message.SyncHdr.Source.LocURI)).toEqual([]);
  const told = server.messages.flatMap((message) => JSON.stringify(message).match(/urn:imei:\d+ canary \d+/g) ?? []);
  expect(new Set(told).size).toBe(sessions);
});

function namedIn(what: unknown): string[] {
  return [...new Set(JSON.stringify(what).match(/urn:imei:\d+/g))];
}
