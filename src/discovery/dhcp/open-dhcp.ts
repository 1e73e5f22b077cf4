import type { Clock, Log, Milliseconds } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import { type DhcpEvent, LeaseBook } from './lease-book.js';
import { LeaseWatch } from './lease-watch.js';

export interface DhcpOptions {
  /** In the form that dnsmasq writes; absent: only events are taken. */
  readonly leaseFile?: string;
  readonly leaseInterval: Milliseconds;
  readonly sightings: Sightings;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RunningDhcp {
  /** Takes what the hook script of the DHCP server tells. */
  take(event: DhcpEvent): void;
  close(): void;
}

/** Notices who has a lease, by the hook script of the DHCP server or by its lease file. */
export function openDhcp({ leaseFile: file, leaseInterval: every, sightings, clock, log }: DhcpOptions): RunningDhcp {
  const book = new LeaseBook(sightings);
  const watch = file === undefined ? undefined : new LeaseWatch({ file, every, book, clock, log });
  void watch?.look();
  return {
    take: (event) => {
      if (book.take(event) === undefined) log.debug({ mac: event.mac }, 'a lease without an address of a device is left out');
    },
    close: () => watch?.stop(),
  };
}
