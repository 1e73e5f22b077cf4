import { readFileSync } from 'node:fs';
import { type Clock, type Log, systemEntropy } from '#src/base/index.js';
import type { SmallServerConfig } from '#src/config/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import type { SendTrigger } from '#src/small-server/index.js';
import { type Broker, createTriggerSender } from '#src/transport/index.js';

/**
 * How a small DM server sends triggers. What the configuration names is read at once, so that a mistake in it is told at the start;
 * with nothing named it is made with the first trigger, for the authorities of the system take memory.
 * @throws PosternError `security.certificate`
 */
export function triggerSenderFor({ triggers }: SmallServerConfig, clock: Clock, log: Log): SendTrigger {
  const { broker, trust } = triggers;
  const make = () =>
    createTriggerSender({
      tls: clientTlsOptions({ trust: trust.map((file) => readFileSync(file, 'utf8')) }),
      ...(broker === undefined ? {} : { broker: brokerFrom(broker) }),
      clock,
      entropy: systemEntropy,
      log,
    });
  let sender = broker === undefined && trust.length === 0 ? undefined : make();
  return (to, trigger) => {
    sender ??= make();
    return sender(to, trigger);
  };
}

function brokerFrom({ url, userName, password }: NonNullable<SmallServerConfig['triggers']['broker']>): Broker {
  return { url, ...(userName === undefined ? {} : { userName }), ...(password === undefined ? {} : { password: password.reveal() }) };
}
