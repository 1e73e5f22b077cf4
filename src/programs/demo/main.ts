import { isPosternError } from '#src/base/index.js';
import { type DemoOptions, exitCodes } from '#src/cli/index.js';
import { untilStopped } from '../until-stopped.js';
import { deviceId, type Stage, serverId, setStage } from './stage.js';
import { type Step, steps } from './steps.js';

/** Between two sessions of the device once the play is over and the audience tries for itself. */
const sessionEvery = 3_000;

/** Shows a DM server managing a device behind the gateway; with `once` it leaves with 0 only if every step was so. */
export async function main({ once, json, record }: DemoOptions): Promise<number> {
  const print = (text: string) => process.stdout.write(json ? '' : `${text}\n`);
  print('Postern demo: three processes on this machine, https between them, nothing outside.\n');
  const stage = await setStage({ tell: (what) => print(`  … ${what}`), ...(record === undefined ? {} : { record }) });
  try {
    const shown = await play(stage, print);
    if (json) process.stdout.write(`${report(shown)}\n`);
    if (!once) await encore(stage, print);
    return shown.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.failed;
  } finally {
    await stage.close();
  }
}

async function play(stage: Stage, print: (text: string) => void): Promise<Step[]> {
  const shown: Step[] = [];
  print('');
  for (const run of steps) {
    const step = await attempt(run, stage);
    shown.push(step);
    print(`  ${step.ok ? '✔' : '✘'} ${step.name}`);
    for (const line of step.ok ? step.seen : [JSON.stringify(step.evidence, null, 2)]) print(`      ${line}`);
  }
  return shown;
}

/** A step that cannot be shown is a step that failed, with its reason. */
async function attempt(run: (stage: Stage) => Promise<Step>, stage: Stage): Promise<Step> {
  try {
    return await run(stage);
  } catch (error) {
    if (!isPosternError(error)) throw error;
    return { name: run.name, ok: false, evidence: { error: error.message }, seen: [] };
  }
}

function report(shown: readonly Step[]): string {
  const steps = shown.map(({ name, ok, evidence }) => ({ name, ok, evidence }));
  return JSON.stringify({ ok: steps.every(({ ok }) => ok), steps }, null, 2);
}

/** Stays up, with the device coming back every few seconds, and says what to try. */
async function encore(stage: Stage, print: (text: string) => void): Promise<void> {
  const postern = 'node dist/src/programs/postern/main.js';
  print(`
Everything stays up. The device opens a session every ${sessionEvery / 1000} s. In another terminal, from this folder, try:

  ${postern} devices list --socket ${stage.gatewaySocket}
  ${postern} sessions --socket ${stage.gatewaySocket}
  ${postern} server get ${deviceId} ./Vendor/Lamp/Level --wait 30 --socket ${stage.serverSocket}
  ${postern} server replace ${deviceId} ./Vendor/Lamp/Level 7 --wait 30 --socket ${stage.serverSocket}
  ${postern} server alerts --socket ${stage.serverSocket}
  ${postern} accounts test ${serverId} --socket ${stage.gatewaySocket}

State and logs: ${stage.folder} (removed at the end). Ctrl-C ends it.`);
  const sessions = setInterval(() => stage.device.say({ do: 'session' }), sessionEvery);
  await untilStopped();
  clearInterval(sessions);
}
