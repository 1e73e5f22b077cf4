import {
  decodeNotification,
  defaultNotificationLimits,
  encodeNotification,
  verifyNotification,
  wrapPush,
} from '#src/dm/notification/index.js';
import { nonce, sample, secret, server } from '../../dm/notification/sample.js';
import type { Span } from '../grammar.js';
import { hold, valueOrRefusal } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

const bare = Buffer.from(encodeNotification(sample, secret, nonce));
const withVendor = Buffer.from(encodeNotification({ ...sample, vendor: Buffer.alloc(40, 'v') }, secret, nonce));
const framed = [bare, withVendor].map((body) => Buffer.from(wrapPush(body, 7)));
/** Before the server id, in bytes. */
const headBytes = 8;
/** Everything that the server has ever proved. */
const proved = new Set([bare, withVendor].map((body) => body.toString('hex')));
const heads = [
  '\xc4',
  '\xaf\x87',
  'application/vnd.syncml.notification\0',
  'x-wap-application-id\0x-wap-application:syncml.dm\0',
  '\x1f\x80',
];

/** Package#0, bare and in a WSP push. */
export const notificationTarget: FuzzTarget = {
  name: 'notification',
  share: 0.025,
  grammar: {
    seeds: [bare, withVendor, ...framed],
    pieces: [...heads.map((head) => Buffer.from(head, 'latin1')), bare, Buffer.of(0, 6, 0), Buffer.of(0, 6, 255), Buffer.alloc(300, 'x')],
    spansOf: fieldsOf,
  },
  check(input) {
    const received = valueOrRefusal('notification.', () => decodeNotification(input, defaultNotificationLimits));
    if (received === undefined) return;
    const { trigger, serverId, vendor = [] } = received;
    hold(trigger.length === headBytes + Buffer.byteLength(serverId) + vendor.length, 'every byte has its field');
    hold(trigger[headBytes - 1] === Buffer.byteLength(serverId), 'the server id is as long as it says');
    if (!verifyNotification(received, server, nonce)) return;
    const body = Buffer.concat([received.digest, received.trigger]).toString('hex');
    hold(proved.has(body), 'only what the server made is taken for its own');
  },
};

/** Digest, flags, session id, length, server id and the rest; and the head of a push. */
function fieldsOf(seed: Buffer): Span[] {
  const head = seed[1] === 6 && seed[2] === 3 ? 6 : 0;
  const places = [...new Set([0, 1, 2, 3, head, head + 16, head + 21, head + 23, head + 24, head + 34, seed.length])].toSorted(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, at) => ({ start: places[at] ?? 0, end }));
}
