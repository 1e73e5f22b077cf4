import { expect, test } from 'vitest';
import { get, results, statuses } from './commands.js';
import { declareOwnAccount, type GatewayUnderTest, mutual, openGateway } from './gateway-under-test.js';
import { FarServer } from './peers.js';

const ids = Array.from({ length: 10_000 }, (_, at) => `urn:imei:4901542032${String(at).padStart(5, '0')}`);
const odd = 'urn:x:a/b?c';

/** Ten thousand devices that have been here. */
function declareMany({ store }: GatewayUnderTest): void {
  for (const id of [...ids, odd]) {
    store.inventory.declare({ id, mode: 'proxy', origin: 'added', south: mutual, allowPlainHttp: true, polling: 'never' });
    store.inventory.attach(id);
  }
}

async function open(server: FarServer) {
  const under = await openGateway();
  declareMany(under);
  declareOwnAccount(under, server, { correlation: 'all' });
  const account = under.store.accounts.get('gateway', server.serverId);
  if (account === undefined) throw new Error('no account');
  return { under, account };
}

test.each([
  ['64 KiB', 65_536],
  ['2 KiB', 2_048],
])('their names come in chunks that keep to a MaxMsgSize of %s, and one of them is read', async (_, maxMsgSize) => {
  const last = ids.at(-1) ?? '';
  const sizes: number[] = [];
  const server = await FarServer.open({
    sizes: { maxMsgSize, maxObjSize: 1_048_576 },
    instead: ({ body }) => {
      sizes.push(body.length);
      return undefined;
    },
    batches: [
      [get('names', './GwInventory/Records')],
      [get('one', `./GwInventory/Records/${last}/DeviceID`), get('odd', './GwInventory/Records/~dXJuOng6YS9iP2M/DeviceID')],
      [get('none', './GwInventory/Records/urn:imei:0')],
    ],
  });
  const { under, account } = await open(server);
  const end = await under.gateway.tryAccount(account);
  expect(end.reason).toBe('complete');
  const [names = '', ...values] = results(server.replies);
  expect(names.slice('./GwInventory/Records='.length).split('/')).toEqual([...ids, '~dXJuOng6YS9iP2M']);
  expect(values).toEqual([`./GwInventory/Records/${last}/DeviceID=${last}`, `./GwInventory/Records/~dXJuOng6YS9iP2M/DeviceID=${odd}`]);
  expect(statuses(server.replies)).toEqual(['names=200', 'one=200', 'odd=200', 'none=404']);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(maxMsgSize);
  expect(sizes.length).toBeGreaterThan(300_000 / maxMsgSize / 2);
});

test('a server that takes no object of this size is told 413, and still reads one record', async () => {
  const one = `./GwInventory/Records/${ids[5]}/Mode`;
  const server = await FarServer.open({
    sizes: { maxMsgSize: 65_536, maxObjSize: 65_536 },
    batches: [[get('names', './GwInventory/Records'), get('one', one)]],
  });
  const { under, account } = await open(server);
  await under.gateway.tryAccount(account);
  expect(statuses(server.replies)).toEqual(['names=413', 'one=200']);
  expect(results(server.replies)).toEqual([`${one}=2`]);
});

test('one record is read without a look at the others', async () => {
  const server = await FarServer.open({ batches: [[get('one', `./GwInventory/Records/${ids[5]}/Mode`)]] });
  const { under, account } = await open(server);
  const { inventory } = under.store;
  const refuse = () => {
    throw new Error('this looks at all devices');
  };
  Object.assign(inventory, { ids: refuse, each: refuse, list: refuse });
  await under.gateway.tryAccount(account);
  expect(statuses(server.replies)).toEqual(['one=200']);
});
