export type { DmClient, DmClientFactory, DmHandler, DmPost, DmReply, DmRequest, DmResponse } from '#src/base/index.js';
