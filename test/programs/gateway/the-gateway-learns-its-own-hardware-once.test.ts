import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Log, ManualClock, silentLog } from '#src/base/index.js';
import { OwnHardwareProbe } from '#src/programs/gateway/own-hardware.js';
import { eventually } from '../../e2e/eventually.js';
import { temporaryDirectory } from '../../store/store-fixture.js';

const program = new URL('../../../src/programs/hardware/main.ts', import.meta.url).pathname;
const real = ['--conditions=postern-source', '--import', 'tsx', program];

function open(entry: readonly string[]) {
  const clock = new ManualClock();
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (_, message) => void warnings.push(message) };
  const probe = new OwnHardwareProbe({ clock, log, entry });
  onTestFinished(() => probe.stop());
  const looked = probe.look();
  expect(probe.known).toBeUndefined();
  return { clock, warnings, probe, looked };
}

test('from the box itself, by a real look at it', async () => {
  const { probe, warnings, looked } = open(real);
  await looked;
  expect(probe.known?.memory).toBe(Math.round(totalmem() / 1024 / 1024));
  expect(probe.known?.cpu?.cores).toBeGreaterThan(0);
  expect(probe.known?.system).toBeTruthy();
  expect(warnings).toEqual([]);
});

test.each([
  ['fails', 'process.exit(3)'],
  ['tells nonsense', 'console.log("nonsense")'],
  ['says more than fits', 'console.log("{}"); setInterval(() => process.stdout.write(" ".repeat(4096)), 1)'],
])('one that %s leaves it unknown, and that is said', async (_, script) => {
  const { probe, warnings, looked } = open(['-e', script]);
  await looked;
  expect([probe.known, warnings.length]).toEqual([undefined, 1]);
});

test('one that hangs is ended, and what it has started too', async () => {
  const sign = join(temporaryDirectory(), 'started');
  const sleep = 'console.log("{}"); require("child_process").spawn("sleep", ["1000"], { stdio: "inherit" })';
  const { clock, probe, warnings, looked } = open(['-e', `${sleep}; require("fs").writeFileSync(${JSON.stringify(sign)}, "")`]);
  await eventually('it has started something', () => existsSync(sign) || undefined);
  clock.advance(20_000);
  // Its output ends only once nobody of its group holds it.
  await looked;
  expect([probe.known, warnings.length]).toEqual([undefined, 1]);
});

test('it is told nothing of our environment', async () => {
  process.env['POSTERN_TEST_SECRET'] = 'secret';
  onTestFinished(() => void delete process.env['POSTERN_TEST_SECRET']);
  const { probe, looked } = open(['-e', 'console.log(JSON.stringify({ model: Object.keys(process.env).sort().join(" ") }))']);
  await looked;
  expect(probe.known?.model).toBe('LC_ALL PATH');
});

test('a gateway that stops meanwhile is no failure', async () => {
  const { probe, warnings, looked } = open(['-e', 'setInterval(() => {}, 1000)']);
  probe.stop();
  await looked;
  expect(warnings).toEqual([]);
});
