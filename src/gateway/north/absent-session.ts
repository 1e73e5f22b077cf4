import { rememberedDevInfo } from '../device-facts.js';
import type { Environment } from '../environment.js';
import type { Account, DeviceRecord } from '../ports.js';
import type { NorthEnd } from './north-session.js';
import type { NorthSessions } from './north-sessions.js';

/** A session in the name of a device that is not there: its alerts go with package 1, commands are answered with 1223. @param device absent: nothing is known of it */
export function runAbsentSession(env: Environment, north: NorthSessions, account: Account, device?: DeviceRecord): Promise<NorthEnd> {
  const devInfo = device === undefined ? [] : rememberedDevInfo(device);
  const opening = { code: '1201', devInfo, devId: account.owner, maxObjSize: env.settings.offer.maxObjSize } as const;
  return north.run(account, opening, async ({ first, session }) => {
    const turn = first.kind === 'commands' ? await session.abort() : first;
    return turn.kind === 'end' ? turn : { kind: 'end', reason: 'aborted' };
  });
}
