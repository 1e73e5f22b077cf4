import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemEntropy } from '#src/base/index.js';
import { eventually } from './eventually.js';
import { PatientDevice } from './patient-device.js';
import { runPostern } from './run-postern.js';
import { deviceId, Site, serverId } from './site.js';

const pollDevice = 'urn:imei:222222222222220';
const proxyDevice = 'urn:imei:333333333333338';
/** Lets a program meet a mistake of ours when it is told to. */
const mistake = 'process.on("SIGUSR2",()=>{throw Error("a-mistake-of-ours")})';
const recorded = mkdtempSync(join(tmpdir(), 'postern-recorded-'));
/** Secrets that went in, by the input that took them. */
const canaries: string[] = [];
let site: Site;

beforeAll(async () => {
  vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(mistake)}`);
  const gateway = {
    ...configured(),
    log: { level: 'debug' },
    broker: { port: 0 },
    transparent: { port: 0 },
    south: { port: 0, tls: false },
  };
  site = await Site.open({ gateway, server: { log: { level: 'debug' } }, record: recorded });
  await useEveryDoor();
});
afterAll(async () => {
  await site.close();
  rmSync(recorded, { recursive: true });
  vi.unstubAllEnvs();
});

it('not into the log, at the most talkative level', () => {
  expect(canaries.length).toBeGreaterThan(10);
  expect(site.printed.some((line) => line.includes('"level":20'))).toBe(true);
  expect(site.printed.filter(holdsCanary)).toEqual([]);
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
  expect(site.printed.some((line) => line.includes('Every message is recorded, with the credentials in it'))).toBe(true);
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
    triggers: { mqtt: { url: 'mqtt://127.0.0.1:1', allowPlain: true, userName: 'home', password: canary() } },
    accounts: [{ serverId: 'elsewhere', address: 'https://127.0.0.1:1/dm', ...passwords() }],
    devices: [
      { id: pollDevice, ...passwords(), trigger: { by: 'poll' }, allowPlainHttp: true },
      { id: proxyDevice, mode: 'transparent', clientPassword: canary(), allowPlainHttp: true },
    ],
  };
}

/** With the right secret where that makes a difference, and with a wrong one, which is a secret too. */
async function useEveryDoor(): Promise<void> {
  const [broker, proxy] = await Promise.all([urlOf('the broker listens'), urlOf('the forward proxy listens')]);
  const south = new URL(site.gatewayUrl);
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
  const device = new PatientDevice(added);
  await device.session();
  device.close();
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
  await text(socket).catch(() => '');
}

function basic(userName: string, password: string): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}

function canary(): string {
  const made = `canary-${systemEntropy.token()}`;
  canaries.push(made);
  return made;
}

function holdsCanary(written: string): boolean {
  return canaries.some((secret) => written.includes(secret) || users.some((user) => written.includes(basic(user, secret).slice(6))));
}

const users = [pollDevice, proxyDevice, deviceId, 'home', serverId, 'elsewhere', 'postern'];
