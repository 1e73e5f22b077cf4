import { readFileSync } from 'node:fs';
import { PosternError, silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import type { TriggerOptions } from '#src/cli/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import { createTriggerSender } from '#src/transport/index.js';

/** Sends one trigger by hand. @throws PosternError `cli.unreadable`, `security.certificate`, `wire.*` */
export async function sendTrigger({ to, trigger, trust, broker }: TriggerOptions): Promise<void> {
  const send = createTriggerSender({
    tls: to.by === 'udp' ? {} : clientTlsOptions({ trust: trust.map(read) }),
    broker,
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
  });
  await send(to, trigger);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PosternError('cli.unreadable', { file, why: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}
