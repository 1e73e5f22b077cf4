import { isPosternError, systemClock } from '#src/base/index.js';
import { type DemoOptions, exitCodes } from '#src/cli/index.js';
import { untilStopped } from '../until-stopped.js';
import { lamp, operatorId } from './cast.js';
import { acts } from './play.js';
import { type Stage, setStage } from './stage.js';
import type { Act, Step } from './step.js';

/** Between two sessions of the device once the play is over and the audience tries for itself. */
const sessionEvery = 3_000;

type Print = (text: string) => void;

/** Shows DM servers managing devices behind the gateway; with `once` it leaves with 0 only if every step was so. */
export async function main({ once, json, record }: DemoOptions): Promise<number> {
  const print = (text: string) => process.stdout.write(json ? '' : `${text}\n`);
  print('Postern demo: DM servers, a gateway and devices, each a process on this machine, https between them, nothing outside.\n');
  const tell = (what: string) => print(`    … ${what}`);
  const stage = await setStage({ tell, ...(record === undefined ? {} : { record }) });
  try {
    const shown = await play(stage, print);
    if (json) process.stdout.write(`${report(shown)}\n`);
    if (!once) await encore(stage, print);
    return shown.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.failed;
  } finally {
    await stage.company.close();
  }
}

async function play(stage: Stage, print: Print): Promise<Step[]> {
  const shown: Step[] = [];
  print('');
  for (const [at, act] of acts.entries()) {
    const begun = systemClock.monotonic();
    const step = await attempt(act, stage);
    shown.push(step);
    printStep(step, at + 1, systemClock.monotonic() - begun, print);
  }
  return shown;
}

function printStep({ name, ok, evidence, seen, skipped }: Step, number: number, took: number, print: Print): void {
  const mark = skipped !== undefined ? '–' : ok ? '✔' : '✘';
  print(`${String(number).padStart(3)} ${mark} ${name} (${(took / 1000).toFixed(1)} s)`);
  if (skipped !== undefined) print(`      skipped: ${skipped}`);
  for (const line of ok ? seen : [JSON.stringify(evidence, null, 2)]) print(`      ${line}`);
}

/** A step that cannot be shown is a step that failed, with its reason. */
async function attempt(act: Act, stage: Stage): Promise<Step> {
  try {
    return await act(stage);
  } catch (error) {
    if (!isPosternError(error)) throw error;
    return { name: act.name, ok: false, evidence: { error: error.message }, seen: [] };
  }
}

function report(shown: readonly Step[]): string {
  const steps = shown.map(({ name, ok, evidence, skipped }) => ({ name, ok, evidence: skipped === undefined ? evidence : { skipped } }));
  return JSON.stringify({ ok: steps.every(({ ok }) => ok), steps }, null, 2);
}

/** Stays up, with the lamp coming back every few seconds, and says what to try. */
async function encore({ company, gateway, operator, enterprise, lamp: device }: Stage, print: Print): Promise<void> {
  const postern = 'node dist/src/programs/postern/main.js';
  print(`
Everything stays up. "${lamp.name}" opens a session every ${sessionEvery / 1000} s. In another terminal, from this folder, try:

  ${postern} devices list --socket ${gateway.socket}
  ${postern} sessions --socket ${gateway.socket}
  ${postern} server get ${lamp.id} ./Vendor/Lamp/Level --wait 30 --socket ${operator.socket}
  ${postern} server replace ${lamp.id} ./Vendor/Lamp/Level --data 7 --format int --wait 30 --socket ${operator.socket}
  ${postern} server replace ${lamp.id} ./Vendor/Lamp/Level --data 0 --format int --wait 30 --socket ${enterprise.socket}
  ${postern} server trigger ${lamp.id} --wait 30 --socket ${operator.socket}
  ${postern} server alerts --socket ${operator.socket}
  ${postern} accounts test ${operatorId} --socket ${gateway.socket}

State and logs: ${company.folder.path} (removed at the end). Ctrl-C ends it.`);
  const sessions = setInterval(() => device.program.say({ do: 'session' }), sessionEvery);
  await untilStopped();
  clearInterval(sessions);
}
