import { RightsTable } from '#src/authority/index.js';
import type { Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { executeCommands, type ManagementTree, ResultRoom } from '#src/dm/tree/index.js';
import type { Environment } from '../environment.js';
import type { NorthEnd } from '../north/north-session.js';
import type { NorthSessions } from '../north/north-sessions.js';
import { permitted } from '../north/permitted.js';
import type { Account } from '../ports.js';
import { type OwnDescription, ownDevInfo, ownTree } from './own-tree.js';

/** Rounds of one session; more is a server that will not end. */
const maxRounds = 1000;

/** The gateway's own session with one of its servers: its reports go with package 1, its tree answers the server's commands. @param askedFor the SessionID of a trigger */
export function runOwnSession(
  env: Environment,
  north: NorthSessions,
  description: OwnDescription,
  account: Account,
  askedFor?: string,
): Promise<NorthEnd> {
  const { maxObjSize } = env.settings.offer;
  const asked = askedFor === undefined ? ({ code: '1201' } as const) : ({ code: '1200', sessionId: askedFor } as const);
  const opening = { ...asked, devInfo: ownDevInfo(description), devId: description.devId, maxObjSize };
  return north.run(account, opening, async ({ first, session, takeReports }) => {
    const tree = ownTree(env, description, account.serverId);
    let turn = first;
    for (let round = 0; turn.kind === 'commands'; round += 1) {
      if (round >= maxRounds) turn = await session.abort();
      else turn = await session.answer(await carryOut(env, tree, account, turn.commands), takeReports());
    }
    return turn;
  });
}

async function carryOut(
  { settings }: Environment,
  tree: ManagementTree,
  { serverId, rights }: Account,
  commands: readonly ServerCommand[],
): Promise<readonly Reply[]> {
  const { allowed, refused } = permitted(commands, new RightsTable(rights), settings.decode);
  const { maxObjSize } = settings.offer;
  return [...refused, ...(await executeCommands(tree, allowed, { serverId, maxObjSize, room: new ResultRoom(maxObjSize) }))];
}
