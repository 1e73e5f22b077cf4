import type { DmHandler } from '#src/base/index.js';
import type { Triggers } from './triggers.js';

const place = '/trigger/';

/** Whether a trigger may be posted to this path. */
export function isTriggerPath(path: string): boolean {
  return path.startsWith(place) && path.length > place.length;
}

/**
 * Takes triggers that are posted to `/trigger/<target>`: 202 when it is durable, 403 for every refusal alike, so that
 * nobody learns which targets and servers there are.
 */
export function triggerHandler(triggers: Pick<Triggers, 'receive'>): DmHandler {
  return async ({ path, body }) => {
    const target = readTarget(path.slice(place.length));
    const verdict = target === undefined ? undefined : await triggers.receive(target, body, 'https');
    return verdict === undefined || verdict.kind === 'refused' ? { status: 403, close: true } : { status: 202 };
  };
}

/** A target as a part of a path or topic, where a DevId is percent-encoded; undefined: it is none. */
export function readTarget(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // What is not percent-encoded UTF-8 names nobody.
    return undefined;
  }
}
