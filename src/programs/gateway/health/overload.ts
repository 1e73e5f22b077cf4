import type { Clock, Counters, Log } from '#src/base/index.js';
import { BufferThrift } from './buffer-thrift.js';
import { HeapThrift } from './heap-thrift.js';
import { OverloadGuard } from './overload-guard.js';
import { type LoadCeilings, type Pressure, processLoad } from './process-load.js';
import { YoungRoom } from './young-room.js';

export interface OverloadParts {
  readonly limits: LoadCeilings;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: Log;
}

/** Begins to watch over what this process uses. */
export function watchOverload({ limits, ...parts }: OverloadParts): OverloadGuard {
  const thrift = new HeapThrift(parts);
  const buffers = new BufferThrift();
  const young = new YoungRoom();
  const look = (late: number) => processLoad(limits, late);
  const makeRoom = (pressures: readonly Pressure[]) => {
    const share = ofSpace(pressures);
    return [buffers.follow(), young.follow(share), thrift.follow(share)].includes(true);
  };
  const guard = new OverloadGuard({ ...parts, look, makeRoom });
  guard.start();
  return guard;
}

/** What collecting garbage can lower. */
function ofSpace(pressures: readonly Pressure[]): number {
  return Math.max(...pressures.filter(({ of }) => of !== 'loop').map(({ share }) => share));
}
