/**
 * What a Status says, by the code in its Data: those that DM 1.2 knows, in our own words.
 * @see OMA DM RepPro 1.2 § 10
 */
export const statusCodes: Readonly<Record<string, string>> = {
  200: 'done',
  202: 'accepted; an alert tells how it ended (Exec and Alert alone)',
  212: 'proved, for the rest of the session',
  213: 'this piece of a large object is taken; the next one, please',
  214: 'cancelled by somebody at the device',
  215: 'not executed',
  216: 'undone again, because the Atomic failed',
  304: 'nothing has changed',
  400: 'not understood',
  401: 'the credentials are wrong',
  403: 'forbidden, whoever asks',
  404: 'there is no such node',
  405: 'not allowed on this node',
  406: 'not supported',
  407: 'credentials are missing',
  408: 'nobody answered in time',
  412: 'the command lacks something',
  413: 'too large',
  414: 'the URI is too long',
  415: 'the type or format is not supported',
  416: 'the size is not acceptable',
  417: 'not now; try again later',
  418: 'there already',
  420: 'the device is full',
  424: 'another size than announced',
  425: 'this server has no right to it',
  500: 'the command failed',
  501: 'the command does not exist here',
  503: 'not available now',
  505: 'this version of the DTD is not supported',
  506: 'failed in processing',
  507: 'the Atomic failed, and nothing of it counts',
  510: 'it could not be stored',
  511: 'the server failed',
  513: 'this version of the protocol is not supported',
  516: 'the Atomic failed and could not be undone',
  517: 'the answer to the Atomic is too large',
};

/** What the code of a Status says; undefined where DM 1.2 has no such code. */
export function statusMeaning(code: number | string): string | undefined {
  return statusCodes[code];
}
