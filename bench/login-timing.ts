import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { secretDigest } from '#src/dm/auth/index.js';
import { type Benchmark, type Measurement, median } from './benchmark.js';
import { credential, dmContentType, firstPackage } from './canned-messages.js';
import { type GatewaySite, withGatewaySite } from './gateway-site.js';
import { PlainConnection } from './plain-connection.js';

const devices = 400;
/** One less than what an account may be wrong at once (docs/reference/limits.md), the first time to warm up. */
const tries = 4;

/** A wrong password, shown for a name: resolves when it is refused. */
type Guess = (site: GatewaySite, id: string) => Promise<void>;

/** By how many per cent a wrong password takes longer for a name that is known than for one that is not; nobody is to hear who is there. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'limits.logins.timing.dm',
    run: () => withGatewaySite({ devices, mode: 'proxy', tls: true }, (site) => difference(site, site.proxied(), guessAtDm)),
  },
  {
    name: 'limits.logins.timing.proxy',
    run: () => withGatewaySite({ devices, mode: 'transparent' }, (site) => difference(site, site.relayed('absolute'), guessAtProxy)),
  },
];

/** Both in turns, each name so seldom that none is held back. */
async function difference(site: GatewaySite, known: readonly { readonly id: string }[], guess: Guess): Promise<Measurement> {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  for (let round = 0; round < tries; round++) {
    for (const { id } of known) {
      // As long as a known one, and different in its last digits only.
      const stranger = `${id.slice(0, -7)}${String(9_000_000 + Number(id.slice(-7)))}`;
      const first = Math.random() < 0.5 ? 'known' : 'unknown';
      for (const which of [first, first === 'known' ? 'unknown' : 'known'] as const) {
        const begun = performance.now();
        await guess(site, which === 'known' ? id : stranger);
        if (round > 0) times[which].push(performance.now() - begun);
      }
    }
  }
  const [ours, theirs] = [median(times.known), median(times.unknown)];
  return { value: Math.abs(ours / theirs - 1) * 100, unit: '%', goal: 5, better: 'lower' };
}

async function guessAtDm({ ports }: GatewaySite, id: string): Promise<void> {
  const target = `https://127.0.0.1:${ports.south}/dm`;
  const cred = credential(secretDigest('device', 'wrong'), randomBytes(16).toString('base64'));
  const body = firstPackage({ session: '1', message: 1, target, source: id, ...cred });
  const head = `Host: 127.0.0.1\r\nContent-Type: ${dmContentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const { status, body: answer } = await exchange(
    connectTls({ port: ports.south, host: '127.0.0.1', rejectUnauthorized: false }),
    `POST /dm HTTP/1.1\r\n${head}`,
    body,
  );
  if (status !== 200) throw new Error(`a guess got ${status}: ${answer}`);
}

async function guessAtProxy({ ports }: GatewaySite, id: string): Promise<void> {
  const proof = Buffer.from(`${id}:wrong`).toString('base64');
  const head = `GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: 127.0.0.1:1\r\nProxy-Authorization: Basic ${proof}\r\n\r\n`;
  const { status } = await exchange(connect({ port: ports.proxy, host: '127.0.0.1', noDelay: true }), head, '');
  if (status !== 407) throw new Error(`a guess got ${status}`);
}

async function exchange(socket: Socket, head: string, body: string) {
  const connection = new PlainConnection(socket);
  const answer = await connection.exchange(head, body);
  connection.close();
  return answer;
}
