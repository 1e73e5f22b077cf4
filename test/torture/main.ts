import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type TortureOutcome, torture } from './torture.js';

/** `npm run torture -- [--kills N] [--seed S] [--devices N]`: leaves with 1 when something acknowledged was lost or took effect twice. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    devices: { type: 'string', default: '4' },
  },
});
/** Each round has a site of its own: what the servers and the test remember stays bounded. */
const killsInRound = 50;
const kills = wholeNumber('kills', values.kills);
const seed = wholeNumber('seed', values.seed);
const devices = wholeNumber('devices', values.devices);

process.stdout.write(`seed ${seed}\n`);
for (let done = 0; done < kills; done += killsInRound) {
  const outcome = await torture({ kills: Math.min(killsInRound, kills - done), seed: seed + done, devices });
  report(done + outcome.kills, outcome);
}

function report(done: number, { acknowledged, lost, effects, repeated, unsound }: TortureOutcome): void {
  const failures = [
    ...lost.map((what) => `lost: ${what}`),
    ...repeated.map((what) => `twice: ${what}`),
    ...unsound.map((what) => `unsound: ${what}`),
  ];
  const verdict = failures.length === 0 ? 'ok    ' : 'FAILED';
  process.stdout.write(`${verdict}  ${done} kills; ${acknowledged} reports acknowledged, ${effects} orders executed in this round\n`);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} is a whole number above 0, not ${text}`);
}
