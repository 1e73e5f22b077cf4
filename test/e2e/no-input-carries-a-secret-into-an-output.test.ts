import { createSocket } from 'node:dgram';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemEntropy } from '#src/base/index.js';
import { ask } from './ask.js';
import { eventually } from './eventually.js';
import { knock } from './knock.js';
import { PatientDevice } from './patient-device.js';
import { runPostern } from './run-postern.js';
import { deviceId, Site, serverId } from './site.js';

const pollDevice = 'urn:imei:222222222222220';
const proxyDevice = 'urn:imei:333333333333338';
/** Lets a program meet a mistake of ours when it is told to. */
const mistake = 'process.on("SIGUSR2",()=>{throw Error("a-mistake-of-ours")})';
const recorded = mkdtempSync(join(tmpdir(), 'postern-recorded-'));
/** Where the configuration finds a secret. */
const elsewhere = mkdtempSync(join(tmpdir(), 'postern-secret-'));
/** Secrets that went in, by the input that took them, and what each looks like on a wire. */
const canaries: string[] = [];
const forms: string[] = [];
/** What messages said that were taken: the gateway keeps it for whom it is, and tells it nobody else. */
const contents: string[] = [];
/** What strangers and the known were answered, byte for byte. */
const answered: string[] = [];
let site: Site;

beforeAll(async () => {
  vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(mistake)}`);
  const gateway = {
    ...configured(),
    log: { level: 'debug' },
    broker: { port: 0 },
    transparent: { port: 0, allow: ['127.0.0.1'] },
    south: { port: 0, plainPort: 0 },
  };
  site = await Site.open({ gateway, server: { log: { level: 'debug' } }, record: recorded });
  await useEveryDoor();
});
afterAll(async () => {
  await site.close();
  for (const folder of [recorded, elsewhere]) rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

it('not into the log, at the most talkative level', () => {
  expect(canaries.length).toBeGreaterThan(40);
  expect(site.printed.some((line) => line.includes('"level":20'))).toBe(true);
  expect(site.printed.filter(holdsCanary)).toEqual([]);
  expect(site.printed.filter((line) => contents.some((said) => line.includes(said)))).toEqual([]);
});

it('not into what the control interface answers', async () => {
  const door = site.gatewayDoor;
  const answers = await Promise.all([
    door.gateway(),
    door.listDevices({}),
    ...[pollDevice, proxyDevice, deviceId].map((id) => door.showDevice({ id })),
    door.listAccounts({}),
    ...[pollDevice, deviceId].map((device) => door.listAccounts({ device })),
    door.listTriggers(),
    door.listSessions(),
  ]);
  expect(answers).toHaveLength(10);
  expect(answers.map((answer) => JSON.stringify(answer)).filter(holdsCanary)).toEqual([]);
});

it('not into its health and metrics, nor what the command line lists', async () => {
  const pages = await Promise.all(['/healthz', '/readyz', '/metrics'].map((path) => ask(site.gatewaySocket, path)));
  const never = [...forms, ...contents];
  for (const { body } of pages) expect(never.filter((secret) => body.includes(secret))).toEqual([]);
  const lists = [
    ['status'],
    ['devices', 'list'],
    ['devices', 'refused'],
    ['devices', 'show', deviceId],
    ['accounts', 'list'],
    ['sessions'],
    ['triggers'],
  ];
  const shown = await Promise.all(lists.map((list) => runPostern([...list, '--socket', site.gatewaySocket])));
  expect(shown.map(({ code }) => code)).toEqual(lists.map(() => 0));
  for (const { stdout, stderr } of shown) expect(never.filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
});

it('not into what is answered to those who are refused', () => {
  expect(answered.filter((answer) => / 4\d\d /.test(answer)).length).toBeGreaterThan(5);
  expect(answered.filter(holdsCanary)).toEqual([]);
});

it('not into a diagnostics bundle, which has nothing that a message said and no nonce, digest or session of the wire either', async () => {
  const secretsOfTheWire = recordedSecrets();
  expect(secretsOfTheWire.length).toBeGreaterThan(10);
  for (const args of [[], ['--devices']]) {
    const { code, stdout } = await runPostern(['diagnostics', '--socket', site.gatewaySocket, ...args]);
    expect(code).toBe(0);
    const bundle = JSON.parse(stdout);
    expect(bundle.log.length).toBeGreaterThan(10);
    expect(bundle.sessions.ended.length).toBeGreaterThan(2);
    const never = [...forms, ...contents, ...secretsOfTheWire];
    expect(never.filter((secret) => stdout.includes(secret))).toEqual([]);
  }
});

it('not into what the command line shows of the configuration', async () => {
  const config = join(site.folder, 'gateway.yaml');
  expect(holdsCanary(readFileSync(config, 'utf8'))).toBe(true);
  for (const args of [['show'], ['show', '--json'], ['check'], ['check', '--json']]) {
    const { code, stdout, stderr } = await runPostern(['config', ...args, '--config', config]);
    expect(code).toBe(0);
    expect(holdsCanary(stdout + stderr)).toBe(false);
  }
});

it('but into what --record writes, for us alone to read, and the log says so at the start', () => {
  const files = readdirSync(recorded).map((name) => join(recorded, name));
  expect(files.filter((file) => holdsCanary(readFileSync(file, 'latin1')))).not.toEqual([]);
  expect(files.filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
  expect(site.printed.some((line) => line.includes('every message is recorded, with the credentials in it'))).toBe(true);
});

it('not into the last words of a gateway that meets a mistake of ours, nor into its files', async () => {
  process.kill(site.gateway.pid, 'SIGUSR2');
  await eventually('the last words', () => site.printed.find((line) => line.includes('a-mistake-of-ours')));
  await site.gateway.stop();
  expect(site.printed.filter(holdsCanary)).toEqual([]);
  const files = readdirSync(site.gatewayState).map((name) => join(site.gatewayState, name));
  expect(files.filter((file) => statSync(file).isFile() && holdsCanary(readFileSync(file, 'latin1')))).toEqual([]);
});

function configured() {
  const passwords = () => ({ clientPassword: canary(), serverPassword: canary() });
  return {
    triggers: {
      mqtt: { url: 'mqtt://127.0.0.1:1', allowPlain: true, userName: 'home', password: canary() },
      https: { listen: '127.0.0.1', port: 0 },
      udp: { listen: '127.0.0.1', port: 0 },
    },
    accounts: [{ serverId: 'elsewhere', address: 'https://127.0.0.1:1/dm', ...passwords() }],
    devices: [
      { id: pollDevice, ...passwords(), trigger: { by: 'poll' }, allowPlainHttp: true },
      { id: proxyDevice, mode: 'transparent', clientPassword: canary(), allowPlainHttp: true },
      {
        id: 'urn:imei:444444444444442',
        clientPassword: secretFile(),
        accounts: [{ serverId: 'third', address: 'https://127.0.0.1:1/dm', ...passwords() }],
      },
    ],
  };
}

/** With the right secret where that makes a difference, and with a wrong one, which is a secret too. */
async function useEveryDoor(): Promise<void> {
  const [broker, proxy] = await Promise.all([urlOf('the broker listens'), urlOf('the forward proxy listens')]);
  const south = new URL(`http://127.0.0.1:${JSON.parse(await site.logged(/may come over plain http/)).port}`);
  const known = { poll: configuredPassword(1), proxy: configuredPassword(2) };
  for (const password of [known.poll, canary()]) {
    await mqttHello(broker.href, pollDevice, password);
    // Its answer is held back where the password is right: a request that is given up is one too.
    await say(
      south,
      `GET /dm/trigger HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${basic(pollDevice, password)}\r\n\r\n`,
      300,
    );
  }
  for (const password of [known.proxy, canary()]) {
    await say(proxy, `CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nProxy-Authorization: ${basic(proxyDevice, password)}\r\n\r\n`);
  }
  await site.gatewayDoor.testAccount({ serverId: 'elsewhere' });
  const added = await site.addDevice({ scheme: 'basic' });
  canaries.push(...site.passwords);
  await site.gatewayDoor.testAccount({ serverId, device: deviceId });
  await site.queue([
    { command: 'Replace', uri: './DevInfo/Lang', data: content() },
    { command: 'Add', uri: './Vendor/Said', data: content() },
  ]);
  const device = new PatientDevice(added);
  device.report(content());
  await device.session();
  device.close();
  await Promise.all([
    refusedByTheControlInterface(),
    refusedMessages(south),
    triggersOfNobody(),
    throughTheBroker(broker.href, known.poll),
  ]);
  await throughTheProxy(proxy, known.proxy);
  forms.push(...canaries.flatMap((secret) => [secret, ...users.map((user) => basic(user, secret).slice('Basic '.length))]));
}

/** Passwords in requests that are refused: for their form, a mistake of the caller's, or an account that is there. */
async function refusedByTheControlInterface(): Promise<void> {
  const account = { serverId: 'elsewhere', address: 'https://127.0.0.1:1/dm' };
  const bodies = [
    { id: 'urn:imei:5', clientPassword: `${canary()}\n`, serverPassword: canary() },
    { id: 'urn:imei:5', password: canary() },
    { id: deviceId, clientPassword: canary() },
    { id: 'urn:imei:5', accounts: [{ ...account, address: `https://user:${canary()}@127.0.0.1/dm`, clientPassword: canary() }] },
  ];
  for (const body of bodies) await expect(toControl('/v1/devices', JSON.stringify(body))).resolves.toBeGreaterThanOrEqual(400);
  await expect(toControl('/v1/accounts', JSON.stringify({ ...account, clientPassword: canary() }))).resolves.toBe(409);
  await expect(toControl('/v1/accounts', `{"clientPassword":"${canary()}"`)).resolves.toBe(400);
  await expect(toControl(`/v1/devices/x?password=${canary()}`, '{}')).resolves.toBe(404);
}

/** What is no message, or none of anybody's, with secrets wherever a message or its head can have one. */
async function refusedMessages(south: URL): Promise<void> {
  const head = `<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>`;
  const ends = `<Target><LocURI>x</LocURI></Target><Source><LocURI>${pollDevice}</LocURI></Source>`;
  const cred = (data: string) =>
    `<Cred><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-basic</Type></Meta><Data>${data}</Data></Cred>`;
  const nonce = (text: string) => `<Meta><NextNonce xmlns="syncml:metinf">${text}</NextNonce></Meta>`;
  const bodies = [
    `<SyncML><${canary()}`,
    `<SyncML>${head}${ends}${cred(canary())}</SyncHdr><SyncBody><Final/></SyncBody></SyncML>`,
    `<SyncML>${head}${ends}${cred(`${pollDevice}:${canary()}`)}<Wrong>${canary()}</Wrong></SyncHdr></SyncML>`,
    `<SyncML>${head}${ends}${cred(canary()).replace('b64', canary())}${nonce(canary())}</SyncHdr><SyncBody><Final/></SyncBody></SyncML>`,
    `<SyncML>${head.replace('<MsgID>1', `<MsgID>${'1'.repeat(40)}`)}${ends}${cred(canary())}</SyncHdr></SyncML>`,
  ];
  for (const body of bodies) {
    const secrets = `Authorization: Bearer ${canary()}\r\nCookie: a=${canary()}\r\nX-Syncml-Hmac: mac=${canary()}`;
    const type = 'Content-Type: application/vnd.syncml.dm+xml';
    const length = Buffer.byteLength(body);
    await say(
      south,
      `POST /dm HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${type}\r\n${secrets}\r\nContent-Length: ${length}\r\n\r\n${body}`,
    );
  }
  await say(south, `POST /dm?password=${canary()} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`);
  await say(south, `GET http://user:${canary()}@x/dm HTTP/1.1\r\nHost: x\r\n\r\n`);
}

async function triggersOfNobody(): Promise<void> {
  const addresses = site.gatewayReady['triggers'] as string[];
  const https = addresses.find((address) => address.startsWith('https:')) ?? expect.fail('it is configured');
  const udp = new URL(addresses.find((address) => address.startsWith('udp:')) ?? expect.fail('it is configured'));
  const trust = readFileSync(join(site.gatewayState, 'ca.pem'), 'utf8');
  const type = 'application/vnd.syncml.notification';
  await knock({ url: `${https}${encodeURIComponent(site.devId)}`, trust, contentType: type, body: `hello ${canary()}` });
  const sender = createSocket('udp4');
  await new Promise((resolve) => sender.send(`hello ${canary()}`, Number(udp.port), udp.hostname, resolve));
  sender.close();
}

async function throughTheBroker(url: string, password: string): Promise<void> {
  const place = `devices/${encodeURIComponent(pollDevice)}`;
  const will = { topic: `${place}/will`, payload: Buffer.from(content()), qos: 1 as const, retain: false };
  const client = await connectAsync(url, { username: pollDevice, password, clientId: 'honest', reconnectPeriod: 0, will }, false);
  await Promise.allSettled([place, 'elsewhere'].map((topic) => client.publishAsync(`${topic}/said`, content())));
  client.stream.destroy();
}

/** A request of its own to a server of its own, with secrets for that server alone. */
async function throughTheProxy(proxy: URL, password: string): Promise<void> {
  const own = `Authorization: Basic ${canary()}\r\nCookie: session=${canary()}`;
  const shown = `Proxy-Authorization: ${basic(proxyDevice, password)}`;
  for (const place of [`http://127.0.0.1:1/dm?key=${canary()}`, `http://user:${canary()}@127.0.0.1:1/dm`, `https://127.0.0.1/${canary()}`])
    await say(proxy, `POST ${place} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n${shown}\r\n${own}\r\nContent-Length: 5\r\n\r\nhello`);
}

/** Credentials, nonces and session tokens of both legs, as they were recorded. */
function recordedSecrets(): string[] {
  const texts = readdirSync(recorded).map((name) => readFileSync(join(recorded, name), 'latin1'));
  const found = texts.flatMap((text) => [
    ...text.matchAll(/<NextNonce[^>]*>([^<]{8,})</g),
    ...text.matchAll(/<Cred>.*?<Data>([^<]{8,})</gs),
    ...text.matchAll(/\/s\/([\w-]{32})/g),
  ]);
  return [...new Set(found.map(([, secret = '']) => secret))];
}

/** @returns the HTTP status */
function toControl(path: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: site.gatewaySocket, method: 'POST', path, headers: { 'content-type': 'application/json' } });
    asked.once('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('error', reject).end(body);
  });
}

function secretFile(): { readonly file: string } {
  const file = join(elsewhere, 'password');
  writeFileSync(file, canary(), { mode: 0o600 });
  return { file };
}

/** Passwords of the configuration in the order in which they were made: one of MQTT, two of the account, two of the first device. */
function configuredPassword(device: 1 | 2): string {
  return canaries[device === 1 ? 3 : 5] ?? '';
}

async function urlOf(message: string): Promise<URL> {
  const line = await site.logged(new RegExp(message));
  return new URL((JSON.parse(line) as { url: string }).url);
}

async function mqttHello(url: string, username: string, password: string): Promise<void> {
  const options = { username, password, clientId: 'canary', reconnectPeriod: 0, connectTimeout: 5_000 };
  await connectAsync(url, options, false).then(
    (client) => client.endAsync(true),
    () => undefined,
  );
}

/** Says this and waits for the end of the answer, or gives up after a time. */
async function say({ hostname, port }: URL, words: string, patience = 5_000): Promise<void> {
  const socket = connect(Number(port), hostname);
  socket.setTimeout(patience, () => socket.destroy());
  socket.write(words);
  answered.push(await text(socket).catch(() => ''));
}

function basic(userName: string, password: string): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}

function content(): string {
  const made = `said-${systemEntropy.token()}`;
  contents.push(made);
  return made;
}

function canary(): string {
  const made = `canary-${systemEntropy.token()}`;
  canaries.push(made);
  return made;
}

function holdsCanary(written: string): boolean {
  return forms.some((secret) => written.includes(secret));
}

const users = [pollDevice, proxyDevice, deviceId, 'home', serverId, 'elsewhere', 'postern'];
