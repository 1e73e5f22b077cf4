import type { MqttClient } from 'mqtt';
import { type Clock, type Milliseconds, PosternError } from '#src/base/index.js';
import { wireFailure } from '../wire-failure.js';
import { loginOptions, type MqttLogin } from './mqtt-login.js';

export interface MqttPublishOptions extends MqttLogin {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** From connecting to the broker's acknowledgement. */
  readonly timeout: Milliseconds;
  readonly clock: Clock;
}

/**
 * Publishes one message with QoS 1 by a connection of its own (MQTT 3.1.1). It resolves when the broker has acknowledged it.
 * @throws PosternError `wire.*`
 */
export async function publishOnce(options: MqttPublishOptions): Promise<void> {
  // Who sends no triggers by MQTT need not load it: it costs a tenth of a second and 12 MB.
  const { connect } = await import('mqtt');
  // It is not connected again: whoever wanted it sent decides whether it goes again.
  const client = connect(options.url, { ...loginOptions(options), clean: true, connectTimeout: options.timeout });
  try {
    await acknowledged(client, options);
  } finally {
    client.end(true);
  }
}

function acknowledged(client: MqttClient, { url, topic, payload, timeout, clock }: MqttPublishOptions): Promise<void> {
  const address = new URL(url).host;
  return new Promise((resolve, reject) => {
    const timer = clock.timer('mqtt-publish', timeout, () => fail(new PosternError('wire.timeout', { address, seconds: timeout / 1000 })));
    const fail = (error: Error) => {
      timer.cancel();
      // The library gives the broker's return code as a number where others have a name.
      const refused = 'code' in error && typeof error.code === 'number';
      reject(refused ? new PosternError('wire.refused', { address, why: error.message }, { cause: error }) : wireFailure(error, address));
    };
    client.on('error', fail);
    client.once('close', () => fail(new PosternError('wire.reset', { address })));
    client.once('connect', () =>
      client.publish(topic, Buffer.from(payload), { qos: 1 }, (error) => {
        if (error) return fail(error);
        timer.cancel();
        resolve();
      }),
    );
  });
}
