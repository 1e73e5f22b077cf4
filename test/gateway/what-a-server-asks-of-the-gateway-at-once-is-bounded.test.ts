import { expect, test } from 'vitest';
import { get, statuses } from './commands.js';
import { declareOwnAccount, mutual, openGateway } from './gateway-under-test.js';
import { FarServer } from './peers.js';

test.each(['TNDS', 'StructData'])(
  'a message that asks for %s of everything a thousand times is answered in part, and the next as any other',
  async (form) => {
    let largest = 0;
    const server = await FarServer.open({
      instead: ({ body }) => {
        largest = Math.max(largest, body.length);
        return undefined;
      },
      batches: [Array.from({ length: 1_000 }, (_, at) => get(`all${at}`, `.?list=${form}`)), [get('next', './DevInfo/Man')]],
    });
    const under = await openGateway();
    for (let at = 0; at < 100; at += 1) {
      const id = `urn:imei:${at}`;
      under.store.inventory.declare({ id, mode: 'proxy', origin: 'added', south: mutual, allowPlainHttp: true, polling: 'never' });
      under.store.inventory.attach(id);
    }
    declareOwnAccount(under, server, { correlation: 'all' });
    const account = under.store.accounts.get('gateway', server.serverId);
    if (account === undefined) throw new Error('no account');
    expect((await under.gateway.tryAccount(account)).reason).toBe('complete');
    const said = statuses(server.replies);
    expect([said[0], said.at(-2), said.at(-1)]).toEqual(['all0=200', 'all999=413', 'next=200']);
    expect(largest).toBeLessThan(4 * under.settings.offer.maxObjSize);
  },
);
