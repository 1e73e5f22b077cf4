import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { controlApi, smallServerApi } from '#src/api/index.js';
import { silentLog } from '#src/base/index.js';
import type { ControlService, SmallServerService } from '#src/control/index.js';
import { type FetchHandler, serveUnix } from '#src/transport/index.js';

/** A folder that vanishes after the running test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Serves a gateway on a Unix socket until the running test is over; answers with the socket. */
export function serveGateway(service: ControlService): Promise<string> {
  return serve(controlApi(service, silentLog).fetch);
}

/** The same for a small DM server. */
export function serveSmallServer(service: SmallServerService): Promise<string> {
  return serve(smallServerApi(service, silentLog).fetch);
}

async function serve(fetch: FetchHandler): Promise<string> {
  const socket = join(temporaryFolder(), 'test.sock');
  const server = await serveUnix({ socket, fetch, log: silentLog });
  onTestFinished(() => server.close(0));
  return socket;
}
