import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { whyNoLibwbxml } from '../peers/libwbxml.js';
import { commandsOf, type Element, headerOf, headerStatusOf, type Recorded, readRecording } from './recorded-messages.js';
import { type Outcome, runPostern } from './run-postern.js';

// Nothing of src is used here: files, Node and an XML parser of others must be enough to see that the demo tells the truth.

const device = 'urn:imei:490154203237518';
const wbxmlDevice = 'urn:imei:356938035643809';
const transparentDevice = 'urn:imei:352099001761481';
const level = './Vendor/Lamp/Level';
const directory = mkdtempSync(join(tmpdir(), 'postern-record-'));
let outcome: Outcome;
let recording: Recorded[];

interface Shown {
  readonly ok: boolean;
  readonly steps: readonly { readonly name: string; readonly ok: boolean; readonly evidence: Readonly<Record<string, unknown>> }[];
}

beforeAll(async () => {
  outcome = await runPostern(['demo', '--once', '--json', '--record', directory]);
  recording = readRecording(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('leaves with 0 and prints nothing but its steps, each verified', () => {
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  const shown = JSON.parse(outcome.stdout) as Shown;
  expect(Object.keys(shown)).toEqual(['ok', 'steps']);
  expect(shown.ok).toBe(true);
  expect(shown.steps.length).toBeGreaterThan(5);
  expect(shown.steps.filter(({ ok }) => !ok)).toEqual([]);
});

it('each file is head, empty line and the body of that length, readable by its owner alone', () => {
  expect(recording.length).toBeGreaterThan(20);
  for (const { file, startLine, fields, body, kind } of recording) {
    expect(startLine, file).toMatch(kind === 'request' ? /^POST \S+ HTTP\/1\.1$/ : /^HTTP\/1\.1 \d{3} /);
    expect(fields.get('content-length'), file).toBe(String(body.length));
    expect(fields.has('transfer-encoding') || fields.has('content-encoding'), file).toBe(false);
    expect(statSync(join(directory, file)).mode & 0o777, file).toBe(0o600);
  }
});

it('what the server changed, and read back, went over both legs to the device and back', () => {
  const evidence = evidenceOf('the DM server changes the device and reads the change back') as {
    device: { before: string; after: string };
  };
  for (const leg of ['north', 'south'] as const) {
    const [replace] = find(leg, 'Replace', level);
    expect(replace?.command.value('Item', 'Data')).toBe(evidence.device.after);
    expect(statusOf(replace)).toBe('200');
    const [get] = find(leg, 'Get', level);
    expect(statusOf(get)).toBe('200');
    expect(resultOf(get)).toBe(evidence.device.after);
  }
  expect(evidence.device.before).not.toBe(evidence.device.after);
});

it('the Exec, the Add and the Delete ran once each, with the device’s own status', () => {
  for (const leg of ['north', 'south'] as const) {
    for (const [name, uri] of [
      ['Exec', './Vendor/Counter'],
      ['Add', './Vendor/Note'],
      ['Delete', './Vendor/Note'],
    ] as const) {
      const sent = find(leg, name, uri);
      expect(sent.map(statusOf), `${leg} ${name}`).toEqual(['200']);
    }
  }
});

it('the server was told of its devices under the names of their first associations, and of no other', () => {
  const told = messages('north', 'request').flatMap(({ message }) => commandsOf(message).filter(isAttached));
  expect(new Set(told.map((alert) => alert.value('Item', 'Data')))).toEqual(new Set([`${device}/1`, `${wbxmlDevice}/1`]));
});

it('what the second server may not do got 425, and never went to the device', () => {
  const forbidden = find('north', 'Replace', level).filter(({ command }) => command.value('Item', 'Data') === '0');
  expect(judged(forbidden)).toEqual(['425']);
  expect(new Set(forbidden.map(({ message }) => message.value('SyncHdr', 'Source', 'LocName')))).toEqual(new Set(['enterprise']));
  expect(find('south', 'Replace', level).map(({ command }) => command.value('Item', 'Data'))).not.toContain('0');
  expect(judged(find('north', 'Add', './Vendor/Work'))).toEqual(['200']);
});

it('two servers had their turn in one session of the device', () => {
  const switched = find('south', 'Replace', level).find(({ command }) => command.value('Item', 'Data') === '7');
  const session = switched && headerOf(switched.message).sessionId;
  const read = find('south', 'Get', './Vendor/Work').filter(({ message }) => headerOf(message).sessionId === session);
  expect(read.map(resultOf)).toEqual(['asset 4711']);
});

it.skipIf(whyNoLibwbxml() !== undefined)('one device speaks WBXML on its leg, and its server XML on the other', () => {
  const encodings = (leg: Recorded['leg']) =>
    new Set(
      recording
        .filter((each) => each.leg === leg && clientOf(each) === wbxmlDevice)
        .map(({ fields, body }) => `${fields.get('content-type')?.split(';')[0]} ${body[0] === 0x3c ? 'text' : 'binary'}`),
    );
  expect(encodings('south')).toEqual(new Set(['application/vnd.syncml.dm+wbxml binary']));
  expect(encodings('north')).toEqual(new Set(['application/vnd.syncml.dm+xml text']));
  for (const leg of ['north', 'south'] as const) {
    const replaced = find(leg, 'Replace', level).filter(({ command }) => command.value('Item', 'Data') === '21');
    expect(judged(replaced)).toEqual(['200']);
  }
});

it('of the session of the transparent device there is nothing: it is between it and its server', () => {
  const evidence = evidenceOf('a transparent device has its session with its own server, by CONNECT') as {
    server: { statuses: unknown; results: { data: string }[] };
    device: string;
  };
  expect(evidence.server.results.map(({ data }) => data)).toEqual([evidence.device]);
  expect(recording.filter(({ body }) => body.includes(transparentDevice))).toEqual([]);
});

it.each([
  ['by https: the gateway opens a session with its server', undefined],
  ['by UDP: the device opens the session that its server wants', device],
  ['by MQTT: the device opens the session that its server wants', wbxmlDevice],
])('a trigger %s: it begins with 1200 and the SessionID that was asked for', (name, client) => {
  const { trigger } = evidenceOf(`a trigger ${name}`) as { trigger: { sessionId: string } };
  const opened = messages('north', 'request').filter(
    ({ message }) => isAsked(message) && headerOf(message).sessionId === trigger.sessionId,
  );
  expect(opened.length).toBeGreaterThan(0);
  const sources = new Set(opened.map(({ message }) => headerOf(message).source));
  if (client === undefined) expect([...sources][0]).toMatch(/^urn:uuid:/);
  else expect(sources).toEqual(new Set([client]));
});

it('the devices that were told came because they were: each opened one session with 1200', () => {
  const told = messages('south', 'request').filter(({ message }) => isAsked(message) && headerStatusOf(message) !== '407');
  expect(new Set(told.map(({ message }) => headerOf(message).source))).toEqual(new Set([device, wbxmlDevice]));
});

it('the trigger in the answer to the long-poll names the gateway, and the session that the device then opens', () => {
  const [answer, ...more] = recording.filter(({ fields }) => fields.get('content-type') === 'application/vnd.syncml.notification');
  expect(more).toEqual([]);
  // OMA DM Notification 1.2 § 5.2: digest (16), version to future use (5), session id (2), length of the server id (1), server id.
  expect(answer?.body.subarray(24).toString()).toBe('postern');
  const opened = messages('south', 'request').find(({ message }) => isAsked(message) && headerOf(message).source === device);
  expect(opened && headerOf(opened.message).sessionId).toBe(answer?.body.readUInt16BE(21).toString(16).toUpperCase());
});

it('of the device that was discovered by SSDP no server was told: it has none', () => {
  const evidence = evidenceOf('a device on the LAN is discovered by SSDP, and let in') as
    | { skipped: string }
    | { waiting: unknown; admitted: unknown };
  if ('skipped' in evidence) expect(evidence.skipped).toMatch(/network namespaces/);
  else expect(evidence).toMatchObject({ waiting: { status: 'quarantined', seenBy: ['ssdp'] }, admitted: { status: 'attached' } });
  expect(recording.filter(({ body }) => body.includes('5d2f8e0c-7b1a'))).toEqual([]);
});

it('the server was told that the unplugged device has left, and nothing of the others', () => {
  const told = messages('north', 'request').flatMap(({ message }) =>
    commandsOf(message).filter((command) => isReport(command, 'devicedetached')),
  );
  expect(new Set(told.map((alert) => alert.value('Item', 'Data')))).toEqual(new Set([`${wbxmlDevice}/1`]));
});

it('both directions of both legs have asked for proof and got it', () => {
  for (const leg of ['north', 'south'] as const) {
    for (const kind of ['request', 'response'] as const) {
      const said = messages(leg, kind);
      expect(said.flatMap(({ message }) => noncesIn(message)).length, `${leg} ${kind} hands nonces over`).toBeGreaterThan(0);
      expect(
        said.some(({ message }) => ['401', '407'].includes(headerStatusOf(message) ?? '')),
        `${leg} ${kind} challenges`,
      ).toBe(true);
      expect(
        said.some(({ message }) => headerStatusOf(message) === '212'),
        `${leg} ${kind} accepts`,
      ).toBe(true);
    }
  }
});

it('no nonce is handed out twice, and no credential is accepted twice', () => {
  const nonces = recording.flatMap(({ message }) => (message === undefined ? [] : noncesIn(message)));
  expect(new Set(nonces).size).toBe(nonces.length);
  const accepted = exchanges().flatMap(({ message, reply }) => {
    const { credential } = headerOf(message);
    return credential !== undefined && ['200', '212'].includes(headerStatusOf(reply) ?? '') ? [credential] : [];
  });
  expect(accepted.length).toBeGreaterThan(4);
  expect(new Set(accepted).size).toBe(accepted.length);
  // An MD5 credential is 128 bits of Base64: no password travels.
  for (const credential of accepted) expect(Buffer.from(credential, 'base64')).toHaveLength(16);
});

it('message numbers rise by one in each session, and an answer has the number of its session', () => {
  for (const messages of sessions().values()) {
    for (const kind of ['request', 'response'] as const) {
      const numbers = messages.filter((each) => each.kind === kind).map(({ message }) => headerOf(message).msgId);
      expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    }
  }
});

it('session numbers of the device rise by one', () => {
  const own = messages('south', 'request').flatMap(({ message }) => (isAskedFor(message) ? [] : headerOf(message)));
  const ids = [...new Set(own.filter(({ source }) => source === device).map(({ sessionId }) => Number.parseInt(sessionId ?? '', 16)))];
  expect(ids.length).toBeGreaterThan(5);
  expect(ids).toEqual(ids.map((_, at) => (ids[0] ?? 0) + at));
});

it('every Status and every Results is about a command that was sent', () => {
  for (const [session, said] of sessions()) {
    for (const { kind, message } of said) {
      const answers = commandsOf(message).filter(({ name }) => name === 'Status' || name === 'Results');
      for (const answer of answers) {
        const [msgRef, cmdRef] = [Number(answer.value('MsgRef')), answer.value('CmdRef')];
        const asked = said.find((each) => each.kind !== kind && headerOf(each.message).msgId === msgRef);
        expect(asked, `${session}: MsgRef ${msgRef}`).toBeDefined();
        if (asked === undefined || cmdRef === '0') continue;
        const command = commandsOf(asked.message).find((each) => each.value('CmdID') === cmdRef);
        expect(command, `${session}: CmdRef ${cmdRef} of message ${msgRef}`).toBeDefined();
        if (answer.name === 'Status') expect(answer.value('Cmd')).toBe(command?.name);
      }
    }
  }
});

interface Said extends Recorded {
  readonly message: Element;
}

interface Sent {
  readonly leg: Recorded['leg'];
  readonly message: Element;
  readonly command: Element;
}

function evidenceOf(name: string): unknown {
  return (JSON.parse(outcome.stdout) as Shown).steps.find((step) => step.name === name)?.evidence;
}

function messages(leg: Recorded['leg'], kind: Recorded['kind']): Said[] {
  return recording.filter((each): each is Said => each.leg === leg && each.kind === kind && each.message !== undefined);
}

/** Messages of one session of one client on one leg, by the names in them. */
function sessions(): Map<string, Said[]> {
  const found = new Map<string, Said[]>();
  for (const each of recording) {
    if (each.message === undefined) continue;
    const { sessionId, source, target } = headerOf(each.message);
    const key = `${each.leg} ${each.kind === 'request' ? source : target} ${sessionId}`;
    found.set(key, [...(found.get(key) ?? []), each as Said]);
  }
  return found;
}

function clientOf({ kind, message }: Recorded): string | undefined {
  if (message === undefined) return undefined;
  const { source, target } = headerOf(message);
  return kind === 'request' ? source : target;
}

/** Each request with its answer. */
function exchanges(): { message: Element; reply: Element }[] {
  return [...sessions().values()].flatMap((said) =>
    said
      .filter(({ kind }) => kind === 'request')
      .flatMap(({ message }) => {
        const reply = said.find((each) => each.kind === 'response' && headerOf(each.message).msgId === headerOf(message).msgId);
        return reply === undefined ? [] : [{ message, reply: reply.message }];
      }),
  );
}

/** Commands of a DM server on a leg; those that nobody but the gateway asked for are on the southern leg alone. */
function find(leg: Recorded['leg'], name: string, uri: string): Sent[] {
  return messages(leg, 'response').flatMap(({ message }) =>
    commandsOf(message)
      .filter((command) => command.name === name && command.value('Item', 'Target', 'LocURI') === uri)
      .map((command) => ({ leg, message, command })),
  );
}

function answersTo(sent: Sent | undefined, name: string): Element[] {
  if (sent === undefined) return [];
  const { sessionId, msgId, target } = headerOf(sent.message);
  return messages(sent.leg, 'request')
    .filter(({ message }) => headerOf(message).sessionId === sessionId && headerOf(message).source === target)
    .flatMap(({ message }) => commandsOf(message))
    .filter((each) => each.name === name && Number(each.value('MsgRef')) === msgId && each.value('CmdRef') === sent.command.value('CmdID'));
}

function statusOf(sent: Sent | undefined): string | undefined {
  return answersTo(sent, 'Status')[0]?.value('Data');
}

/** What became of a command; that it was asked again because the server had to prove itself first does not count. */
function judged(sent: readonly Sent[]): (string | undefined)[] {
  return sent.map(statusOf).filter((status) => status !== '407');
}

function resultOf(sent: Sent | undefined): string | undefined {
  return answersTo(sent, 'Results')[0]?.value('Item', 'Data');
}

function noncesIn(message: Element): string[] {
  return commandsOf(message).flatMap((command) => command.all('Chal', 'Meta', 'NextNonce').map(({ text }) => text));
}

function isAsked(message: Element): boolean {
  return commandsOf(message).some((command) => command.name === 'Alert' && command.value('Data') === '1200');
}

/** Messages of a session that a trigger asked for have the SessionID of the trigger. */
function isAskedFor(message: Element): boolean {
  const { source, sessionId } = headerOf(message);
  return messages('south', 'request').some(
    (each) => isAsked(each.message) && headerOf(each.message).source === source && headerOf(each.message).sessionId === sessionId,
  );
}

function isAttached(command: Element): boolean {
  return isReport(command, 'deviceattached');
}

function isReport(command: Element, type: string): boolean {
  return command.name === 'Alert' && (command.value('Item', 'Meta', 'Type') ?? '').includes(`:${type}:`);
}
