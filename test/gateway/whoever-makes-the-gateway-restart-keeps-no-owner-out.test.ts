import { expect, test } from 'vitest';
import { declareDevice, deviceId, type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { contentType, decode, packageOne } from './peers.js';

const home = '192.0.2.1';
const basic = { scheme: 'basic', userName: 'device', clientSecret: { kind: 'password', value: 'device-password' } } as const;
let sessions = 0;

/** One message from an address: the Status of its header, or what HTTP says. */
async function say(under: GatewayUnderTest, address: string, password = 'device-password'): Promise<string> {
  sessions += 1;
  const cred = { scheme: 'basic', userName: 'device', password } as const;
  const body = packageOne({ id: deviceId, url: under.url, sessionId: String(sessions), cred });
  const { signal } = new AbortController();
  const answer = await under.gateway.handler({ path: '/dm', contentType, body, remoteAddress: address, encrypted: true, signal });
  const [first] = answer.status === 200 ? decode(answer.body).SyncBody.commands : [];
  return first?.name === 'Status' ? first.Data : `HTTP ${answer.status}`;
}

/** So many addresses guess that the account is looked at from no new one. */
async function guessFromEverywhere(under: GatewayUnderTest): Promise<void> {
  for (let at = 0; at < 60; at += 1) await say(under, `198.51.100.${at}`, 'guess');
  expect(await say(under, '203.0.113.9')).toBe('HTTP 503');
}

test('from where an account was right before the restart it is looked at after it', async () => {
  const before = await openGateway();
  declareDevice(before, [], { south: basic });
  expect(await say(before, home)).toBe('212');
  await before.kill();
  const after = await openGateway({ directory: before.directory });
  await guessFromEverywhere(after);
  expect(await say(after, home)).toBe('212');
});

test('where it was only guessed at, it is not', async () => {
  const before = await openGateway();
  declareDevice(before, [], { south: basic });
  expect(await say(before, home, 'guess')).toBe('401');
  await before.stop();
  const after = await openGateway({ directory: before.directory });
  await guessFromEverywhere(after);
  expect(await say(after, home)).toBe('HTTP 503');
});

test('a device that comes each day writes nothing for it', async () => {
  const under = await openGateway();
  declareDevice(under, [], { south: basic });
  await say(under, home);
  const added: string[] = [];
  const { knownPlaces } = under.store;
  const { add } = knownPlaces;
  knownPlaces.add = (account, place) => {
    added.push(place);
    return add.call(knownPlaces, account, place);
  };
  for (let times = 0; times < 5; times += 1) expect(await say(under, home)).toBe('212');
  expect(added).toEqual([]);
});

test('after 90 days without use it is forgotten', async () => {
  const before = await openGateway();
  declareDevice(before, [], { south: basic });
  await say(before, home);
  await before.kill();
  const after = await openGateway({ directory: before.directory });
  after.clock.advance(91 * 86_400_000);
  after.gateway.start();
  await guessFromEverywhere(after);
  expect(await say(after, home)).toBe('HTTP 503');
});
