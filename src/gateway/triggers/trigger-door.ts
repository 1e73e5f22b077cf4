import type { DmHandler } from '#src/base/index.js';
import { isStoreFailure } from '../store-failure.js';
import type { Triggers } from './triggers.js';

const place = '/trigger/';

/** Whether a trigger may be posted to this path. */
export function isTriggerPath(path: string): boolean {
  return path.startsWith(place) && path.length > place.length;
}

/**
 * Takes triggers that are posted to `/trigger/<target>`: 202 when it is durable, 503 when it cannot be kept, 403 for every refusal alike, so that
 * nobody learns which targets and servers there are.
 */
export function triggerHandler(triggers: Pick<Triggers, 'receive'>): DmHandler {
  return async ({ path, body, remoteAddress }) => {
    const target = readTarget(path.slice(place.length));
    const verdict = target === undefined ? undefined : await take(triggers, target, body, remoteAddress);
    if (verdict === 'not-kept') return { status: 503, headers: { 'Retry-After': '5' }, close: true };
    return verdict === undefined || verdict.kind === 'refused' ? { status: 403, close: true } : { status: 202 };
  };
}

/** It comes again: servers repeat what was not answered by a session. */
async function take(triggers: Pick<Triggers, 'receive'>, ...[target, body, address]: [string, Uint8Array, string]) {
  try {
    return await triggers.receive(target, body, 'https', address);
  } catch (error) {
    if (isStoreFailure(error)) return 'not-kept';
    throw error;
  }
}

/** The topics under which a gateway of this name gets triggers, with QoS 1. */
export function triggerTopics(name: string): string {
  return `${topicHead(name)}+`;
}

/** Takes a trigger that was published; when it resolves the broker may be told so, whatever came of it. */
export async function takePublished(triggers: Pick<Triggers, 'receive'>, name: string, topic: string, payload: Uint8Array): Promise<void> {
  const head = topicHead(name);
  const target = topic.startsWith(head) ? readTarget(topic.slice(head.length)) : undefined;
  if (target !== undefined) await triggers.receive(target, payload, 'mqtt');
}

function topicHead(name: string): string {
  return `postern/${encodeURIComponent(name)}/trigger/`;
}

/** A target as a part of a path or topic, where a DevId is percent-encoded; undefined: it is none. */
function readTarget(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // What is not percent-encoded UTF-8 names nobody.
    return undefined;
  }
}
