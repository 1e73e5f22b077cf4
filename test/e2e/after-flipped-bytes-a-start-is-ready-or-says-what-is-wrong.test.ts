import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '#src/base/index.js';
import { createControlClient } from '#src/control/index.js';
import { loadSealer } from '#src/security/index.js';
import { openGatewayStore } from '#src/store/index.js';
import { ChildProgram, type Line } from '../../src/programs/demo/child-program.js';
import { filledState, type SoundState, writeFlipped, writeState } from '../store/flipped-state.js';
import { entry } from './run-postern.js';
import { seededRandom } from './seeded-random.js';

const flips = 10;
const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31);
const patience = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'postern-flips-'));
const state = join(folder, 'state');
const config = join(folder, 'postern.yaml');
const database = join(state, 'gateway.db');
const key = join(state, 'key');
let sound: SoundState;
let soundKey: Buffer;

beforeAll(async () => {
  mkdirSync(state, { mode: 0o700 });
  writeFileSync(config, JSON.stringify({ south: { listen: '127.0.0.1', port: 0 }, devices: [configured] }), { mode: 0o600 });
  // It makes its keys.
  expect(await (await start()).program.stop()).toBe(0);
  const open = () => openGatewayStore({ directory: state, sealer: loadSealer({ directory: state, env: {} }), clock: systemClock });
  sound = await filledState(state, open);
  soundKey = readFileSync(key);
});
beforeEach(() => {
  writeState(sound.stopped, state);
  writeFileSync(key, soundKey);
});
afterAll(() => rmSync(folder, { recursive: true }));

it(`after each of ${flips} flips of random bytes the program is ready, or in safe mode with the reason, and does not end`, {
  timeout: 300_000,
}, async () => {
  process.stdout.write(`POSTERN_SEED=${seed}\n`);
  const below = seededRandom(seed);
  for (let flip = 1; flip <= flips; flip += 1) {
    writeFlipped(sound, state, below);
    expect(await outcome(), `flip ${flip}`).toMatch(ready);
  }
});

it.each([
  ['a version that is newer than any', 'store.newer', () => writeFileSync(database, withByte(60, 1))],
  ['nothing where its head was', 'store.damaged', () => writeFileSync(database, withByte(0, 0))],
  ['secrets of another key', 'security.wrong-key', () => writeFileSync(key, Buffer.alloc(32, 1))],
])('%s: safe mode too', async (_what, code, spoil) => {
  spoil();
  expect(await outcome()).toBe(`safe-mode ${code}`);
});

it('what cannot be read now is tried again, and becomes a start', async () => {
  rmSync(`${database}-wal`);
  mkdirSync(`${database}-wal`);
  const { program, ready } = await start();
  onTestFinished(() => program.kill());
  expect(ready['code']).toBe('store.input-output');
  const listening = program.until(({ msg }) => msg === 'listening', patience);
  rmdirSync(`${database}-wal`);
  await listening;
  expect(await program.stop()).toBe(0);
});

const configured = {
  id: 'urn:imei:490154203237518',
  clientPassword: { value: 'the-password-of-a-device' },
  accounts: [
    { serverId: 'operator', address: 'https://dm.example/dm', clientPassword: { value: 'ours' }, serverPassword: { value: 'theirs' } },
  ],
};
const ready = /^(running undefined|safe-mode (store\.(damaged|newer|migration-failed|input-output)|security\.(sealed-damaged|wrong-key)))$/;

function start() {
  const args = ['run', '--config', config, '--state', state, '--json'];
  return ChildProgram.start({ name: 'gateway', args, entry, isReady: isThere, patience });
}

function isThere({ msg }: Line): boolean {
  return msg === 'listening' || (typeof msg === 'string' && msg.startsWith('safe mode: '));
}

/** The database with another byte there. */
function withByte(at: number, value: number): Buffer {
  const bytes = Buffer.from(sound.stopped['gateway.db']);
  bytes[at] = value;
  return bytes;
}

/** What a start says of itself once it is there, and the code of the reason. @throws Error when it ends instead */
async function outcome(): Promise<string> {
  rmSync(`${database}-shm`, { force: true });
  const { program, ready } = await start();
  try {
    const door = createControlClient({ socket: String(ready['socket']) });
    return `${(await door.status()).state} ${ready['code']}`;
  } finally {
    await program.kill();
  }
}
