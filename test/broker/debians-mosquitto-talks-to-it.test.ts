import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LoginLimit, silentLog, systemClock } from '#src/base/index.js';
import { loadGatewayConfig } from '#src/config/index.js';
import { openLocalCa } from '#src/security/index.js';
import { openEmbeddedBroker } from '../../src/programs/gateway/doors/broker.js';
import { writtenFile } from '../config/written-file.js';
import { eventually } from '../e2e/eventually.js';
import { whyNoPrograms } from '../peers/debian.js';
import { openStore, temporaryDirectory } from '../store/store-fixture.js';
import { at, declare, lamp, lock, passwordOf } from './broker-under-test.js';

const reason = whyNoPrograms(['mosquitto_pub', 'mosquitto_sub'], ['mosquitto-clients']);

/** The broker as the program opens it, with TLS by the local CA. */
async function openTls() {
  const directory = temporaryDirectory();
  const store = openStore(directory, { clock: systemClock });
  for (const id of [lamp, lock]) declare(store, id);
  const ca = await openLocalCa({ directory, clock: systemClock });
  const trusted = join(directory, 'trusted.pem');
  writeFileSync(trusted, ca.certificate);
  const config = loadGatewayConfig(writtenFile('broker: { port: 0, tls: true }\n'), {});
  const broker = await openEmbeddedBroker({
    config,
    directory,
    store,
    logins: new LoginLimit(systemClock),
    clock: systemClock,
    log: silentLog,
  });
  if (broker === undefined) throw new Error('it is configured');
  onTestFinished(() => broker.close(0));
  const { port, protocol } = new URL(broker.url);
  expect(protocol).toBe('mqtts:');
  const common = (device: string) => [
    '-h',
    '127.0.0.1',
    '-p',
    port,
    '--cafile',
    trusted,
    '-u',
    device,
    '-P',
    passwordOf(device),
    '-q',
    '1',
  ];
  return { broker, store, common };
}

const run = async (program: string, args: readonly string[]) => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  const [code] = await once(child, 'close');
  return { code, output };
};

describe.skipIf(reason !== undefined)(`with TLS by the local CA${reason === undefined ? '' : `: ${reason}`}`, () => {
  it('hears what waits for it, in order, and publishes', async () => {
    const { broker, store, common } = await openTls();
    for (const text of ['one', 'two', 'three']) broker.publisher.publish(lamp, 'trigger', Buffer.from(text));
    const heard = await run('mosquitto_sub', [...common(lamp), '-t', at(lamp, 'trigger'), '-C', '3', '-W', '20']);
    expect(heard).toEqual({ code: 0, output: 'one\ntwo\nthree\n' });
    await eventually('its acknowledgements', () => store.deviceQueue.load().rows === 0 || undefined);
    expect(await run('mosquitto_pub', [...common(lamp), '-t', at(lamp, 'state'), '-m', 'on', '-r'])).toMatchObject({ code: 0 });
    const retained = await run('mosquitto_sub', [...common(lamp), '-t', at(lamp, '#'), '-C', '1', '-W', '20']);
    expect(retained).toEqual({ code: 0, output: 'on\n' });
  });

  it('is refused with a wrong password, in the place of another, and without trust', async () => {
    const { common } = await openTls();
    const publish = (args: readonly string[]) => run('mosquitto_pub', [...args, '-t', at(lamp, 'state'), '-m', 'on']);
    const wrong = common(lamp).map((word) => (word === passwordOf(lamp) ? 'guessed' : word));
    expect((await publish(wrong)).output).toMatch(/bad user name or password/i);
    expect((await publish(common(lock))).code).not.toBe(0);
    expect((await publish(common(lamp).filter((word) => !/cafile|trusted/.test(word)))).code).not.toBe(0);
    expect((await run('mosquitto_sub', [...common(lock), '-t', at(lamp, '#'), '-W', '20'])).output).toMatch(/denied/i);
  });
});
