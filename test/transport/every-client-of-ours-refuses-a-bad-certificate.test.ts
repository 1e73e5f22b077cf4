import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isPosternError, type Log, ManualClock, silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import { createDmClient, createTriggerSender, openMqttIntake, pollForTrigger } from '#src/transport/index.js';
import { authority, badPeers } from '../security/bad-peers.js';
import { type Identity, makeIdentity } from '../security/pki.js';

const tls = clientTlsOptions({ trust: [authority.certificate], systemRoots: false, clock: systemClock });
const body = Buffer.from('<SyncML/>');
/** What a caller may have meant to do; it must not matter. */
const careless = { ...tls, rejectUnauthorized: false } as unknown as typeof tls;

/** Each way by which one of our programs goes to somebody over TLS, at a server at that port; why it did not. */
const ways: Readonly<Record<string, (port: number) => Promise<string>>> = {
  'a session with a DM server': (port) => {
    const clients = createDmClient({ tls: careless, log: silentLog, maxResponseBytes: 1_000 });
    onTestFinished(() => clients.close());
    const posted = clients
      .session()
      .post({ url: `https://localhost:${port}/`, contentType: 'text/xml', accept: '*/*', body, timeout: 20_000 });
    return failure(posted);
  },
  'a trigger that is posted': (port) =>
    failure(send({ by: 'https', url: `https://localhost:${port}/trigger/gateway` } as never, `mqtts://localhost:${port}`)),
  'a trigger that is published': (port) =>
    failure(send({ by: 'mqtt', topic: 'postern/home/trigger/gateway' }, `mqtts://localhost:${port}`)),
  'a poll for triggers': (port) =>
    failure(
      pollForTrigger({
        url: `https://localhost:${port}/dm/trigger`,
        userName: 'device',
        password: 'canary',
        tls: careless,
        timeout: 20_000,
        maxBytes: 1_000,
        clock: systemClock,
        signal: new AbortController().signal,
      }),
    ),
  'a connection to an MQTT broker': subscribe,
};

function send(to: Parameters<ReturnType<typeof createTriggerSender>>[0], broker: string): Promise<unknown> {
  const sender = createTriggerSender({
    tls: careless,
    broker: { url: broker },
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
  });
  return sender(to, body);
}

/** It tries again for ever: why stands in the log. */
async function subscribe(port: number): Promise<string> {
  let tell = (_why: string) => {};
  const told = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const hear = (fields: object, _message: string) =>
    'err' in fields ? tell(String((fields.err as NodeJS.ErrnoException).code)) : undefined;
  const log: Log = { debug: hear, info: hear, warn: hear, error: hear };
  const intake = await openMqttIntake({
    url: `mqtts://localhost:${port}`,
    clientId: 'gateway',
    password: 'canary',
    userName: 'gateway',
    tls: careless,
    topics: 'postern/home/trigger/+',
    retry: { first: 1_000, cap: 60_000 },
    keepAlive: 60_000,
    clock: new ManualClock(),
    entropy: systemEntropy,
    log,
    handle: async () => {},
  });
  onTestFinished(() => intake.close());
  return told;
}

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return isPosternError(error) ? error.code : String(error);
  }
  return 'it went through';
}

/** A TLS server that takes anybody; how many bytes it heard inside. */
async function serverOf(identity: Identity, protocol: object = {}) {
  const heard: Buffer[] = [];
  const options = { cert: identity.certificate, key: identity.key, ciphers: 'DEFAULT@SECLEVEL=0', ...protocol };
  const server = createServer(options, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard.push(bytes);
      socket.destroy();
    });
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}

const flawed = [
  ...badPeers.map(([flaw, , make]) => [flaw, () => make('server'), {}] as const),
  ['of another name', () => makeIdentity({ name: 'other.example' }, authority), {}],
  ['with its name in the CN alone', () => makeIdentity({ withoutAltName: true }, authority), {}],
  ['good, over TLS 1.1', () => makeIdentity({}, authority), { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }],
] as const;

describe.each(Object.entries(ways))('%s', (_way, go) => {
  it.each(flawed)('tells nothing to a server whose certificate is %s', async (_flaw, make, protocol) => {
    const { port, heard } = await serverOf(make(), protocol);
    expect(await go(port)).toMatch(/^(wire\.tls|.*(CERT|UNABLE|SELF_SIGNED|PROTOCOL|PURPOSE|CA|UNSPECIFIED|LENGTH|EPROTO).*)$/);
    expect(Buffer.concat(heard).toString()).toBe('');
  });
});

it('a certificate that is good is taken by each', async () => {
  for (const go of Object.values(ways)) {
    const { port, heard } = await serverOf(makeIdentity({}, authority));
    void go(port);
    while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
  }
});
