import { createInterface } from 'node:readline';
import { type Done, parseOrder, performOrder, refusedOrder, type VirtualDevice } from '#src/virtual-device/index.js';

/** Who takes orders, one after the other, between whatever else the device does. */
export interface OrderTaker {
  readonly device: VirtualDevice;
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly tell: (done: Done) => void;
}

/** Carries out what stands on standard input, a line each; resolves at its end, or when the signal aborts. */
export async function takeOrders({ device, inTurn, tell }: OrderTaker, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  const lines = createInterface({ input: process.stdin });
  const leave = () => lines.close();
  stop.addEventListener('abort', leave);
  for await (const line of lines) {
    if (stop.aborted) break;
    if (line.trim() !== '') tell(await inTurn(() => carryOut(device, line)));
  }
  process.stdin.destroy();
}

async function carryOut(device: VirtualDevice, line: string): Promise<Done> {
  let order: ReturnType<typeof parseOrder>;
  try {
    order = parseOrder(line);
  } catch (error) {
    return refusedOrder(error);
  }
  return performOrder(device, order);
}
