import { secretDigest } from '#src/dm/auth/index.js';

export const serverId = 'bench';
export const deviceUser = 'device';
export const clientPassword = 'shown-by-the-client';
export const serverPassword = 'shown-by-the-server';
/** What the client's credentials are made with, and what the server's are; alike on both legs. */
export const clientDigest = secretDigest(deviceUser, clientPassword);
export const serverDigest = secretDigest(serverId, serverPassword);
