import { expect, test } from 'vitest';
import { compose, type Leg, nothingOutgoing } from '#src/dm/session/index.js';
import { type BodyCommand, type SyncMLMessage, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';

const leg: Leg = {
  sessionId: '1',
  verDTD: '1.2',
  verProto: 'DM/1.2',
  own: { uri: 'https://gateway.example/dm' },
  peer: { uri: 'urn:imei:490154203237518' },
  offer: { maxMsgSize: 65_536, maxObjSize: 65_536 },
  sent: 0,
  received: 1,
};
const status = (CmdRef: number, more = {}): BodyCommand => ({
  name: 'Status',
  CmdID: '',
  MsgRef: '1',
  CmdRef: String(CmdRef),
  Cmd: 'Get',
  Data: '404',
  ...more,
});
const statuses = (count: number, more = {}) => Array.from({ length: count }, (_, at) => status(at + 1, more));

/** Makes all messages that a peer with this MaxMsgSize gets, and counts what was encoded for them. */
function composeAll(lead: readonly BodyCommand[], queue: readonly BodyCommand[], peerMaxMsgSize: number, { encode } = xmlCodec) {
  const made = { sizes: [] as number[], encoded: 0, sent: 0, unsendable: 0 };
  const counted = (message: SyncMLMessage) => {
    const bytes = encode(message);
    made.encoded += bytes.length;
    return bytes;
  };
  let outgoing = { ...nothingOutgoing, queue };
  do {
    const owed = made.sizes.length === 0 ? lead : [];
    const composed = compose({
      leg: { ...leg, peerMaxMsgSize },
      cred: undefined,
      lead: owed,
      outgoing,
      final: 'when-empty',
      encode: counted,
    });
    expect(composed.fits).toBe(true);
    made.sizes.push(composed.bytes.length);
    made.sent += composed.sent.size - owed.length;
    made.unsendable += composed.unsendable.length;
    outgoing = composed.rest;
  } while (outgoing.queue.length > 0);
  return made;
}

const sizeOf = (commands: readonly BodyCommand[], { encode } = xmlCodec) =>
  encode({ SyncHdr: headerOf(), SyncBody: { commands: commands.map((command) => ({ ...command, CmdID: '1' })) } }).length;
const headerOf = () => ({
  VerDTD: '1.2',
  VerProto: 'DM/1.2',
  SessionID: '1',
  MsgID: '1',
  Target: { LocURI: 'a' },
  Source: { LocURI: 'b' },
});

test('a long lead before a long queue is encoded a few times, not once for each command', () => {
  const lead = statuses(600);
  const made = composeAll(lead, statuses(600), sizeOf(lead) + 40_000);
  expect(made.sent).toBe(600);
  expect(made.encoded).toBeLessThan(1_000_000);
});

test('nor once for each command that nothing can carry', () => {
  const lead = statuses(600);
  const room = sizeOf(lead) + 4_000;
  const made = composeAll(lead, statuses(100, { TargetRef: ['x'.repeat(room)] }), room);
  expect(made.unsendable).toBe(100);
  expect(made.encoded).toBeLessThan(100 * room * 3);
});

test('a long queue for a peer of small messages is not encoded whole for each of them', () => {
  const queue = statuses(2_000);
  const made = composeAll([], queue, 4_096);
  expect(made.sent).toBe(2_000);
  expect(made.encoded).toBeLessThan(sizeOf(queue) * 20);
});

for (const codec of [xmlCodec, wbxmlCodec]) {
  test(`what fits to the byte is sent in one message, in ${codec.encoding}`, () => {
    const lead = [status(0, { Chal: { Meta: { Type: 'syncml:auth-md5', NextNonce: 'bm9uY2U=' } } }), ...statuses(12)];
    const queue = [status(99, { TargetRef: ['./a'] })];
    const whole = composeAll(lead, queue, 60_000, codec).sizes;
    expect(whole).toHaveLength(1);
    const [size = 0] = whole;
    // One that nothing can carry comes behind, so that what fits has to be found out.
    const big = status(100, { TargetRef: ['y'.repeat(60_000)] });
    const made = composeAll(lead, [...queue, big], size, codec);
    expect(made).toMatchObject({ sent: 1, unsendable: 1 });
    expect(Math.max(...made.sizes)).toBeLessThanOrEqual(size);
  });
}
