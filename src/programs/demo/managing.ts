import type { CommandResult, SmallServerCommand } from '#src/control/index.js';
import type { Authority } from './authority.js';
import type { DemoDevice } from './demo-device.js';
import { patience } from './patience.js';

/** Queues commands at a DM server, lets the device open a session, and waits for what became of them. */
export async function manage(authority: Authority, device: DemoDevice, commands: readonly SmallServerCommand[]): Promise<CommandResult[]> {
  const queued = await queue(authority, device.id, commands);
  await device.session();
  return ended(authority, queued);
}

/** Queues commands for a client's next session. @returns their ids */
export async function queue({ door }: Authority, client: string, commands: readonly SmallServerCommand[]): Promise<string[]> {
  const queued: string[] = [];
  for (const command of commands) queued.push((await door.queueCommand({ id: client, ...command })).id);
  return queued;
}

export function ended({ door }: Authority, ids: readonly string[]): Promise<CommandResult[]> {
  return Promise.all(ids.map((id) => door.showCommand({ id, wait: patience / 1000 })));
}

/** `Get ./DevInfo/Mod: 200, Virtual lamp` for each node of a command. */
export function seenBy(command: string, result: CommandResult | undefined): string[] {
  return (result?.statuses ?? []).map(({ uri, status }) => {
    const value = result?.results.find((read) => read.uri === uri)?.data;
    return `${command} ${uri}: ${status}${value === undefined ? '' : `, ${value}`}`;
  });
}

export function isDone(result: CommandResult | undefined): boolean {
  return result?.state === 'done' && result.statuses.every(({ status }) => status >= 200 && status < 300);
}

/** The statuses of a command's nodes. */
export function codesOf(result: CommandResult | undefined): number[] {
  return (result?.statuses ?? []).map(({ status }) => status);
}
