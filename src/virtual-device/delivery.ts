import { createHash } from 'node:crypto';
import { type DmClient, type DmReply, fullJitter, isPosternError, type PosternError } from '#src/base/index.js';
import { acceptedTypes } from '#src/dm/syncml/index.js';
import type { DeviceEnvironment } from './environment.js';
import { pause } from './pause.js';
import type { SentMessage } from './state-file.js';

/** When to stop trying. */
export interface Patience {
  /** The device is to stop: no further try. */
  readonly stopping: AbortSignal;
  /** It stops now, also in the middle of an exchange. */
  readonly stopped: AbortSignal;
}

/** Posts a message once. @throws PosternError `wire.*` */
export function post(env: DeviceEnvironment, client: DmClient, message: SentMessage, { stopped }: Patience): Promise<DmReply> {
  const { url, contentType, body } = message;
  const timeout = env.settings.answerTimeout;
  return client.post({ url, contentType, accept: acceptedTypes, body: Buffer.from(body, 'base64'), timeout, signal: stopped });
}

/**
 * Posts a message, and where no answer comes the same bytes again, a bounded number of times with growing pauses.
 * @throws PosternError `wire.*` of the last try
 */
export async function deliver(env: DeviceEnvironment, client: DmClient, message: SentMessage, patience: Patience): Promise<DmReply> {
  const { repeats } = env.settings;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await post(env, client, message, patience);
    } catch (error) {
      if (attempt >= repeats.tries || !wasUnanswered(error)) throw error;
      const again = fullJitter(repeats, attempt, env.entropy);
      env.tell({ event: 'unanswered', why: error.message, again });
      await pause(env.clock, 'repeat the last message', again, patience.stopping);
      if (patience.stopping.aborted) throw error;
    }
  }
}

/** SHA-256, hex: how an answer is known again. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The server may not have heard us, or its answer was lost: only then is a repeat of use. */
function wasUnanswered(error: unknown): error is PosternError {
  return isPosternError(error, 'wire.refused') || isPosternError(error, 'wire.reset') || isPosternError(error, 'wire.timeout');
}
