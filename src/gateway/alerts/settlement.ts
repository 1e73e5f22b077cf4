/** What a server's Status for a report means for it. */
export type Settlement = 'delivered' | 'refused' | 'retry';

/** Statuses that ask for the same report again, after credentials or later. */
const again = new Set(['401', '407', '408', '417']);

/** 200 and 202 settle a report, most of 4xx refuses it for good, everything else is tried again. */
export function settlementOf(status: string): Settlement {
  if (status === '200' || status === '202') return 'delivered';
  if (again.has(status)) return 'retry';
  return status.startsWith('4') ? 'refused' : 'retry';
}
