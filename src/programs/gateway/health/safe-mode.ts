import { join } from 'node:path';
import { controlApi, makeBundle } from '#src/api/index.js';
import { isPosternError, type Opened, PosternError, type ProgramLog, systemClock } from '#src/base/index.js';
import type { GatewayConfig } from '#src/config/index.js';
import { type ControlService, controlOperations, controlSocketName } from '#src/control/index.js';
import { loadSealer } from '#src/security/index.js';
import { type DamagedCopy, keepDamagedFiles } from '#src/store/index.js';
import { serveHealth, serveUnix } from '#src/transport/index.js';
import { readVersion } from '../../postern/version.js';
import { openSouth } from '../doors/south.js';
import { openTriggerPosts } from '../doors/trigger-carriers.js';
import { plainSources } from './diagnostics.js';
import { passingTrouble } from './passing-trouble.js';

export interface SafeModeParts {
  readonly config: GatewayConfig;
  /** The state directory. */
  readonly directory: string;
  /** What is wrong with the database. */
  readonly damage: PosternError;
  /** Whether it may be over by itself: then it is no damage, and there is nothing to keep a copy of. */
  readonly passes?: boolean;
  readonly log: ProgramLog;
  readonly opened: Opened;
}

/** Whether a start-up failed because what is kept cannot be used: starting again would not help, and somebody has to be told. */
export function isDamage(error: unknown): error is PosternError {
  return damages.some((code) => isPosternError(error, code));
}

/**
 * Runs on without the database: devices and senders of triggers get 503, the health is 503 with the reason, and `postern status` tells what is
 * damaged, where the copy of it is and what to do. Nothing is written but that copy, so a supervisor may start us as often as it likes.
 * @returns how to stop it
 */
export async function startSafeMode(parts: SafeModeParts): Promise<() => Promise<void>> {
  const { config, directory, damage, log, opened } = parts;
  const copy = parts.passes ? undefined : keepCopy(parts);
  const socket = config.control.socket ?? join(directory, controlSocketName);
  const { fetch } = controlApi(safeService(parts, copy), log);
  const door = { fetch: (request: Request) => fetch(request), log };
  // A full disk may have no room for the name of the socket.
  const control = await orWithout(parts, () => serveUnix({ socket, ...door }));
  opened.add(() => control?.close(0));
  const health = config.health.port === undefined ? undefined : await serveHealth({ port: config.health.port, ...door });
  opened.add(() => health?.close(0));
  const refusing = (await orWithout(parts, () => openRefusing(parts))) ?? { addresses: [], close: async () => {} };
  log.error(
    { code: damage.code, copy: copy ?? { why: 'nothing is damaged' }, socket, addresses: refusing.addresses },
    `safe mode: ${damage.message}`,
  );
  return async () => void (await Promise.all([control?.close(lastAnswers), health?.close(lastAnswers), refusing.close(lastAnswers)]));
}

/** A flipped byte can make a database look like one of a later version, or of another key. */
const damages = ['store.damaged', 'store.newer', 'store.migration-failed', 'security.sealed-damaged', 'security.wrong-key'] as const;

/** How long the last answers may take to leave. */
const lastAnswers = 1_000;
/** Seconds after which a peer may ask again. */
const retryAfter = '300';
const retryAfterPassing = '30';

/** What cannot be opened for want of room, or because its own key is sealed with another, is left out: safe mode itself needs none. */
async function orWithout<T>({ directory, log }: SafeModeParts, open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    const trouble = passingTrouble(error, directory);
    if (trouble === undefined && !isDamage(error)) throw error;
    log.error({ code: (trouble ?? (error as PosternError)).code }, 'a door cannot be opened in safe mode');
    return undefined;
  }
}

/** The copy is a convenience: without it there is safe mode all the same. */
function keepCopy({ directory, damage }: SafeModeParts): DamagedCopy {
  try {
    return keepDamagedFiles(String(damage.details['file'] ?? join(directory, 'gateway.db')));
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function reasonsOf(damage: PosternError, copy: DamagedCopy | undefined): string[] {
  const missing = copy !== undefined && 'why' in copy ? [`No copy of it was made: ${copy.why}.`] : [];
  const after = copy === undefined ? ['It starts by itself as soon as it can.'] : missing;
  return ['The gateway is in safe mode: devices, DM servers and triggers are not served.', damage.message, ...after];
}

function safeService({ config, damage, log }: SafeModeParts, copy: DamagedCopy | undefined): ControlService {
  const reasons = reasonsOf(damage, copy);
  const refuse = () =>
    Promise.reject(new PosternError('control.unavailable', { what: 'the gateway is in safe mode, `postern status` tells why' }));
  const refusals = Object.fromEntries(Object.keys(controlOperations).map((name) => [name, refuse]));
  const startedAt = systemClock.monotonic();
  const health = { status: 'broken' as const, reasons };
  const readiness = { ready: false, reasons };
  const status = () => ({
    state: 'safe-mode' as const,
    version: readVersion(),
    pid: process.pid,
    uptime: (systemClock.monotonic() - startedAt) / 1000,
    reasons,
    ...(copy !== undefined && 'file' in copy ? { damagedCopy: copy.file } : {}),
  });
  const sources = plainSources({ config, log });
  const masking = { isDevice: () => false, nobodys: [] };
  return {
    ...(refusals as unknown as ControlService),
    health: async () => health,
    readiness: async () => readiness,
    status: async () => status(),
    diagnostics: async ({ devices }) => makeBundle(sources, { status: status(), health, readiness }, {}, devices, masking),
  };
}

/** Where devices and senders of triggers come, nobody is told more than to come later. */
async function openRefusing({ config, directory, log, opened, passes = false }: SafeModeParts) {
  const refuse = async () => ({ status: 503, headers: { 'Retry-After': passes ? retryAfterPassing : retryAfter }, close: true });
  const acceptsPoll = (path: string) => path.endsWith('/trigger');
  const gateway = { accepts: (path: string) => !acceptsPoll(path), isOpen: () => false, handler: refuse, acceptsPoll, pollHandler: refuse };
  const parts = { config, directory, sealer: loadSealer({ directory, env: process.env }), clock: systemClock, log };
  const south = await openSouth({ ...parts, gateway, recorder: undefined });
  opened.add(() => south.close(0));
  const { https } = config.triggers;
  const triggers = https === undefined ? undefined : await openTriggerPosts(parts, https, refuse);
  opened.add(() => triggers?.close(0));
  const addresses = [south.url, ...(triggers === undefined ? [] : [triggers.address])];
  return { addresses, close: async (grace: number) => void (await Promise.all([south.close(grace), triggers?.close(grace)])) };
}
