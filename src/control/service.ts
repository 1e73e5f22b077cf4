import type { controlOperations } from './contract.js';
import type { Client, Service } from './operation.js';
import type { smallServerOperations } from './small-server-contract.js';

/**
 * The gateway as its operators see it: the API serves it, the command line calls it.
 * @throws PosternError what the operation's `errors` name
 */
export interface ControlService extends Service<typeof controlOperations> {}

/** A `ControlService` at the other end of a socket; what has a default may be left out. */
export interface ControlClient extends Client<typeof controlOperations> {}

/** The small DM server as its operators see it. @throws PosternError what the operation's `errors` name */
export interface SmallServerService extends Service<typeof smallServerOperations> {}

/** A `SmallServerService` at the other end of a socket. */
export interface SmallServerClient extends Client<typeof smallServerOperations> {}
