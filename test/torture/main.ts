import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { misused, readOptions, wholeNumber } from '../script-options.js';
import { type PowerLossOutcome, powerLoss } from './power-loss/power-loss.js';
import { whyNoTrace } from './power-loss/trace.js';
import { type TortureOutcome, torture } from './torture.js';

/**
 * `npm run torture -- [--kills N] [--power-loss CUTS] [--sessions N] [--seed S] [--devices N]`: leaves with 1 when something acknowledged was lost or took
 * effect twice, and with 2 when it was asked for what there is not. With `--power-loss` nothing is killed: what the gateway wrote is replayed, cut at each sync and at so many other places.
 * `--sessions N` runs the tests of the suite that keep sessions apart, or replay recorded ones, with so many.
 */
const script = 'torture';
const { values } = readOptions(script, {
  kills: { type: 'string', default: '1000' },
  seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  devices: { type: 'string', default: '4' },
  'power-loss': { type: 'string' },
  sessions: { type: 'string' },
});
/** Each round has a site of its own: what the servers and the test remember stays bounded. */
const killsInRound = 50;
const kills = wholeNumber(script, 'kills', values.kills, 1);
const seed = wholeNumber(script, 'seed', values.seed, 1);
const devices = wholeNumber(script, 'devices', values.devices, 1);

/** No byte of one reaches another: proxied, and by the forward proxy. What was recorded is replayed, and nothing of it accepted. */
const heldApart = [
  'test/gateway/no-byte-of-one-devices-session-reaches-another.test.ts',
  'test/transport/forward-proxy/no-byte-of-one-device-reaches-another.test.ts',
  'test/gateway/what-was-recorded-and-is-replayed-is-not-accepted.test.ts',
];

/** Sessions of all devices that are written down for each cut. */
const sessionsPerCut = 1 / 12;

process.stdout.write(`seed ${seed}\n`);
if (values.sessions !== undefined) holdApart(wholeNumber(script, 'sessions', values.sessions, 1));
else if (values['power-loss'] === undefined) await killAgainAndAgain();
else await losePower(wholeNumber(script, 'power-loss', values['power-loss'], 1));

async function killAgainAndAgain(): Promise<void> {
  for (let done = 0; done < kills; done += killsInRound) {
    const outcome = await torture({ kills: Math.min(killsInRound, kills - done), seed: seed + done, devices });
    report(done + outcome.kills, outcome);
  }
}

/** In the suite they run with a few hundred. */
function holdApart(sessions: number): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  const { status } = spawnSync(process.execPath, [...vitest, ...heldApart], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, POSTERN_TEST_SESSIONS: String(sessions), POSTERN_SEED: String(seed) },
  });
  if (status !== 0) process.exitCode = 1;
}

async function losePower(torn: number): Promise<void> {
  const missing = whyNoTrace();
  if (missing !== undefined) misused(script, `power loss cannot be simulated here: ${missing}`);
  reportCuts(await powerLoss({ seed, devices, sessions: Math.max(5, Math.ceil((torn * sessionsPerCut) / devices)), torn }));
}

function reportCuts({ atSyncs, atAcks, torn, acks, lost, unsound }: PowerLossOutcome): void {
  const failures = [...lost.map((what) => `lost: ${what}`), ...unsound.map((what) => `unsound: ${what}`)];
  process.stdout.write(
    `${verdictOn(failures)}  power loss simulated at ${atSyncs} syncs, ${atAcks} acknowledgements and ${torn} other places; ${acks} things acknowledged\n`,
  );
  tell(failures);
}

function report(done: number, { acknowledged, whileStarting, lost, effects, repeated, unsound }: TortureOutcome): void {
  const failures = [
    ...lost.map((what) => `lost: ${what}`),
    ...repeated.map((what) => `twice: ${what}`),
    ...unsound.map((what) => `unsound: ${what}`),
  ];
  const { reports, triggers, changes, messages } = acknowledged;
  const said = `${reports} reports, ${triggers} triggers, ${changes} changes and ${messages} messages acknowledged, ${effects} orders executed`;
  process.stdout.write(`${verdictOn(failures)}  ${done} kills; in this round ${whileStarting} while it started, ${said}\n`);
  tell(failures);
}

function verdictOn(failures: readonly string[]): string {
  return failures.length === 0 ? 'ok    ' : 'FAILED';
}

function tell(failures: readonly string[]): void {
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}
