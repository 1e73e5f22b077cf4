import { isPosternError, PosternError } from '#src/base/index.js';

/** Turns what node's sockets, TLS and HTTP parser report into a `wire.*` error. `address` is host and port of the peer. */
export function wireFailure(error: NodeJS.ErrnoException, address: string): PosternError {
  if (isPosternError(error)) return error;
  const code = error.code ?? '';
  const options = { cause: error };
  if (unreachable.has(code)) return new PosternError('wire.refused', { address, why: reachability(error) }, options);
  if (code === 'ETIMEDOUT') return new PosternError('wire.refused', { address, why: 'no answer to the connection' }, options);
  if (isReset(error)) return new PosternError('wire.reset', { address }, options);
  if (code.startsWith('HPE_')) return new PosternError('wire.malformed', { address, what: error.message }, options);
  if (isTls(code)) return new PosternError('wire.tls', { address, reason: error.message }, options);
  return new PosternError('wire.refused', { address, why: error.message }, options);
}

/** Whether the connection broke, as it does when the peer had closed it before we wrote. */
export function isReset(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
/** OpenSSL's names for the ways in which a certificate can be wrong; a key or digest that is too weak has none in Node (UNSPECIFIED). */
const certificateCode =
  /^(?:CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_CERT|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|UNSPECIFIED)/;

function isTls(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_') || certificateCode.test(code);
}

function reachability(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'nothing listens there';
  return error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN' ? 'its name cannot be resolved' : error.message;
}
