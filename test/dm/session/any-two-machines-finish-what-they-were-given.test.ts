import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newClient } from '#src/dm/client/index.js';
import { newServer } from '#src/dm/server/index.js';
import { isBlock, ownAuth, peerAuth, withMembers } from '#src/dm/session/index.js';
import { type Item, type Reply, type ServerCommand, type SyncMLMessage, xmlCodec } from '#src/dm/syncml/index.js';
import { base64, devInfo, device, deviceUri, genericAlert, server, serverUri, sessionId } from './messages.js';
import { converse, type Log } from './two-machines.js';

/** Text of any length with what needs escaping, white space and characters of two code units. */
const data = fc
  .tuple(fc.constantFrom('x', '<&>', ' \r\n\t', '😀', 'aé'), fc.oneof(fc.nat(40), fc.nat(3000), fc.nat(30_000)))
  .map(([text, length]) => [...text.repeat(Math.ceil(length / text.length))].slice(0, length).join(''));
const uri = fc.nat(99).map((n) => `./n${n}`);
const item = (withData: boolean): fc.Arbitrary<Item> =>
  withData ? fc.record({ Target: uri.map((LocURI) => ({ LocURI })), Data: data }) : uri.map((LocURI) => ({ Target: { LocURI } }));
const items = (withData: boolean) => fc.array(item(withData), { minLength: 1, maxLength: 3 });

const single: fc.Arbitrary<ServerCommand> = fc.oneof(
  fc.record({ name: fc.constantFrom('Get' as const, 'Delete' as const), CmdID: fc.constant(''), Item: items(false) }),
  fc.record({ name: fc.constantFrom('Replace' as const, 'Add' as const), CmdID: fc.constant(''), Item: items(true) }),
  fc.record({ name: fc.constant('Exec' as const), CmdID: fc.constant(''), Item: fc.tuple(item(true)) }),
);
const command: fc.Arbitrary<ServerCommand> = fc.oneof(
  { weight: 4, arbitrary: single },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constantFrom('Atomic' as const, 'Sequence' as const),
      CmdID: fc.constant(''),
      commands: fc.array(single, { minLength: 1, maxLength: 4 }),
    }),
  },
);
const batches = fc.array(fc.array(command, { maxLength: 8 }), { maxLength: 3 }).map(named);

/** Gives every command an id of its own, members included. */
function named(sets: readonly (readonly ServerCommand[])[]): ServerCommand[][] {
  let count = 0;
  const name = <C extends ServerCommand>(one: C): C => {
    count += 1;
    const CmdID = `c${count}`;
    return isBlock(one) ? { ...one, CmdID, commands: one.commands.map(name) } : { ...one, CmdID };
  };
  return sets.map((set) => set.map(name));
}

const scheme = fc.constantFrom('basic' as const, 'md5' as const);
const nonce = fc.constantFrom(undefined, base64('one'), base64('two'));
const right = fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
const proof = fc.record({ scheme, ours: nonce, theirs: nonce, demanded: fc.boolean(), right });
const msgSize = fc.oneof(fc.integer({ min: 400, max: 1500 }), fc.integer({ min: 1500, max: 65_536 }));
const sizes = fc.record({ maxMsgSize: msgSize, maxObjSize: fc.oneof(fc.nat(5000), fc.constant(1_000_000)) });

const scenario = fc.record({
  batches,
  replySizes: fc.array(fc.oneof(fc.nat(100), fc.nat(20_000)), { minLength: 1, maxLength: 5 }),
  client: sizes,
  server: sizes,
  clientProof: proof,
  serverProof: proof,
  alerts: fc.array(fc.oneof(fc.nat(50), fc.nat(5000)), { maxLength: 3 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

const encode = (message: SyncMLMessage) => xmlCodec.encode(message);
type Proof = Scenario['clientProof'];
const wrong = { kind: 'password', value: 'wrong' } as const;
const proves = ({ scheme, ours, right }: Proof, identity: typeof device | typeof server) =>
  ownAuth(scheme, right ? identity : { ...identity, secret: wrong }, ours);
const demands = ({ scheme, theirs, demanded }: Proof, identity: typeof device | typeof server) =>
  peerAuth(demanded ? { scheme, identity } : undefined, theirs);

function run({ batches, replySizes, client, server: serverSizes, clientProof, serverProof, alerts }: Scenario): Run {
  const given: Reply[] = [];
  const execute = (commands: readonly ServerCommand[]) => {
    const replies = commands.flatMap((one) => replyTo(one, replySizes));
    given.push(...replies);
    return replies;
  };
  const log = converse({
    client: newClient({
      sessionId,
      own: { uri: deviceUri },
      server: { uri: serverUri },
      offer: client,
      ownAuth: proves(clientProof, device),
      serverAuth: demands(serverProof, server),
      encode,
    }),
    server: newServer({
      own: { uri: serverUri },
      offer: serverSizes,
      ownAuth: proves(serverProof, server),
      clientAuth: demands(clientProof, device),
      encode,
    }),
    open: { kind: 'open', code: '1201', devInfo, alerts: alerts.map((size, at) => genericAlert(`a${at}`, 'h'.repeat(size))) },
    batches,
    execute,
    messageLimit: 4000,
  });
  return { log, given };
}
interface Run {
  readonly log: Log;
  /** What the executor answered, under the CmdIDs of the wire. */
  readonly given: readonly Reply[];
}

/** The executor: a Status for each member; Results of the next size for a Get. */
function replyTo(one: ServerCommand, sizes: readonly number[]): Reply[] {
  return [...withMembers(one)].flatMap((member): Reply[] => {
    const done: Reply = { name: 'Status', CmdRef: member.CmdID, Cmd: member.name, Data: '200' };
    if (member.name !== 'Get') return [done];
    const answers = (member.Item ?? []).map(({ Target }, at) => ({
      Source: { LocURI: Target?.LocURI ?? '' },
      Data: `${Target?.LocURI} ${'r'.repeat(sizes[at % sizes.length] ?? 0)}`,
    }));
    return [done, { name: 'Results', CmdRef: member.CmdID, Item: answers }];
  });
}

test('any two machines finish what they were given', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const { log } = run(given);
      expectOrder(log);
      expectSizes(log);
      expectOutcome(given, log);
    }),
    { numRuns: 150 },
  );
});

function expectOrder({ toServer, toClient, ends }: Log): void {
  expect(ends.client).toBeDefined();
  expect(ends.server).toBeDefined();
  expect(toServer.map(({ SyncHdr }) => SyncHdr.MsgID)).toEqual(toServer.map((_, at) => String(at + 1)));
  expect(toClient.map(({ SyncHdr }) => SyncHdr.MsgID)).toEqual(toClient.map((_, at) => String(at + 1)));
}

function expectSizes({ sizes }: Log): void {
  for (const { bytes, limit } of sizes) expect(bytes).toBeLessThanOrEqual(limit ?? Number.POSITIVE_INFINITY);
}

function expectOutcome({ batches, replySizes, client, server: serverSizes, clientProof, serverProof, alerts }: Scenario, log: Log): void {
  const roomy = client.maxMsgSize >= 1500 && serverSizes.maxMsgSize >= 1500;
  if (roomy && isProven(clientProof) && isProven(serverProof)) {
    expect([log.ends.client, log.ends.server]).toEqual(['complete', 'complete']);
    const small = (size: number) => size <= serverSizes.maxObjSize;
    expect(log.alerts.map(({ Item }) => String(Item?.[0]?.Data).length).filter(small)).toEqual(alerts.filter(small));
  }
  if (!isProven(clientProof)) expect([log.alerts, log.devInfo, log.heard]).toEqual([[], [], []]);
  if (!isProven(serverProof)) expect([log.executed, log.alertStatuses]).toEqual([[], []]);
  expectStatuses(alerts, serverProof, log);
  expectWholeObjects(batches, log);
  for (const [at, heard] of log.heard.entries()) {
    for (const one of batches[at] ?? []) expectReplies(one, heard, replySizes, serverSizes.maxObjSize);
  }
  if (log.ends.client === 'complete' && log.ends.server === 'complete') {
    const until = batches.findIndex((set) => set.length === 0);
    expect(log.heard).toHaveLength(until === -1 ? batches.length : until);
  }
}

const isProven = ({ demanded, right }: Proof) => !demanded || right;

/** No alert is settled twice, or by a server without proof; with proof, each is. */
function expectStatuses(sizes: readonly number[], proof: Proof, { alertStatuses, executed, ends }: Log): void {
  const each = sizes.map((_, at) => `a${at}`);
  const settled = alertStatuses.map((status) => status.split(' ')[0] ?? '').sort();
  for (const status of alertStatuses) expect(status).toMatch(/ (200|413)$/);
  expect(settled).toEqual(each.filter((status) => settled.includes(status)));
  if (ends.client === 'complete' && (!proof.demanded || executed.length > 0)) expect(settled).toEqual(each);
}

/** What is executed is what was asked for: nothing twice, nothing cut. */
function expectWholeObjects(batches: readonly (readonly ServerCommand[])[], { executed }: Log): void {
  const asked = batches.flat().flatMap(leaves);
  for (const leaf of executed.flatMap(leaves)) {
    const at = asked.indexOf(leaf);
    expect(at, leaf.slice(0, 80)).toBeGreaterThanOrEqual(0);
    asked.splice(at, 1);
  }
}

function leaves(one: ServerCommand): string[] {
  return [...withMembers(one)].flatMap((member) =>
    isBlock(member) ? [] : (member.Item ?? []).map(({ Target, Data }) => `${member.name} ${Target?.LocURI} ${JSON.stringify(Data ?? '')}`),
  );
}

function expectReplies(one: ServerCommand, heard: readonly Reply[], sizes: readonly number[], maxObjSize: number): void {
  for (const member of withMembers(one)) {
    const mine = heard.filter((reply) => reply.CmdRef === member.CmdID);
    const codes = mine.flatMap((reply) => (reply.name === 'Status' ? [reply.Data] : []));
    expect(codes.length, JSON.stringify(mine).slice(0, 300)).toBeGreaterThan(0);
    for (const code of codes) expect(['200', '413', member === one ? '413' : '215']).toContain(code);
    if (member.name === 'Get') expectResults(member, mine, sizes, maxObjSize);
    else if (!isBlock(member)) expect([1, member.Item?.length]).toContain(codes.length);
  }
}

/** Every result is whole; it is missing only where a 413 says so. */
function expectResults(
  get: Extract<ServerCommand, { name: 'Get' }>,
  mine: readonly Reply[],
  sizes: readonly number[],
  maxObjSize: number,
): void {
  const got = mine.flatMap((reply) => (reply.name === 'Results' ? (reply.Item ?? []) : []));
  const whole = new Set(sizes);
  for (const { Source, Data } of got) {
    const [uri, rest = ''] = String(Data).split(' ');
    expect(uri).toBe(Source?.LocURI);
    expect(whole.has(rest.length), `${rest.length}`).toBe(true);
    expect(String(Data).length).toBeLessThanOrEqual(maxObjSize);
  }
  if (mine.every((reply) => reply.name !== 'Status' || reply.Data === '200')) expect(got).toHaveLength(get.Item?.length ?? 0);
}
