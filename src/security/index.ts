export { beginWithFirstRecord } from './first-record.js';
export {
  type CaPlace,
  type CertificateRequest,
  type Credentials,
  type LocalCa,
  openLocalCa,
  type ServerCredentialsPlace,
  serverCredentials,
} from './local-ca.js';
export { isErrno, requirePrivateFile, writePrivateFile } from './private-file.js';
export { redactSecrets } from './redact.js';
export { createSealer, type KeyPlace, loadSealer, type Sealer } from './secret-store.js';
export { openStateDirectory, type StatePlace } from './state-directory.js';
export { type ClientTls, type ClientTlsOptions, clientTlsOptions, type ServerTls, type ServerTlsOptions, serverTlsOptions } from './tls.js';
