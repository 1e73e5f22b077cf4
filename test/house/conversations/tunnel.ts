/** One TLS record as whoever carries it can see it. */
export interface SeenRecord {
  readonly from: 'device' | 'server';
  /** @see RFC 8446 § 5.1 (ContentType) */
  readonly type: number;
  readonly bytes: number;
}

const typeNames: Readonly<Record<number, string>> = { 20: 'change cipher spec', 21: 'alert', 22: 'handshake', 23: 'application data' };

/** Notes what was seen of a tunnel, a line for each record: sender, type, bytes. */
export function writeTunnel(records: readonly SeenRecord[]): string {
  return records.map(({ from, type, bytes }) => `${from} ${type} ${bytes}\n`).join('');
}

/** Reads what {@link writeTunnel} wrote. */
export function readTunnel(body: Buffer): SeenRecord[] {
  const lines = body.toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const [from, type, bytes] = line.split(' ');
    return { from: from === 'device' ? 'device' : 'server', type: Number(type), bytes: Number(bytes) };
  });
}

/** Which kinds of records there are: how many depends on how the bytes fell into segments. */
export function tunnelLine(records: readonly SeenRecord[]): string {
  return [...new Set(records.map(nameOf))].sort().join(', ');
}

/** A line for each record. */
export function tunnelTable(records: readonly SeenRecord[]): string {
  const rows = records.map(
    (record) => `${record.from === 'device' ? 'device → server' : 'server → device'}  ${nameOf(record)}, ${record.bytes} bytes`,
  );
  return rows.join('\n');
}

function nameOf({ type }: SeenRecord): string {
  return typeNames[type] ?? `type ${type}`;
}
