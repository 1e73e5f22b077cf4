import { type ClientEffect, type ClientInput, type ClientSetup, newClient, stepClient } from '#src/dm/client/index.js';
import { newServer, type ServerEffect, type ServerInput, stepServer } from '#src/dm/server/index.js';
import {
  type BodyCommand,
  type Cred,
  type Item,
  type Reply,
  type ServerCommand,
  type SyncMLMessage,
  xmlCodec,
} from '#src/dm/syncml/index.js';
import * as say from '../../dm/session/messages.js';
import { hold } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

/** The bytes of an input are what happens, one choice after the other. */
class Choices {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  below(end: number): number {
    const byte = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return byte % end;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const encode = (message: SyncMLMessage) => xmlCodec.encode(message);
const mostSteps = 40;
const uris = ['.', './a', './DevInfo/DevId', './a?list=Struct', 'x'.repeat(300)];
const codes = ['200', '202', '212', '213', '215', '401', '407', '425', '500', '9999999999'];
const alerts = ['1200', '1201', '1222', '1223', '1224', '1225', '1226', '9999999999'];
const sizes = [undefined, 0, 1, 200, 700, 2_000, 65_536, 9_999_999_999];
const data = ['', 'v', 'x'.repeat(900), '&<]]>\r\n', { markup: '<a><b/></a>' }];
const schemes = ['basic', 'md5'] as const;

/** Both session machines, each spoken to by a peer and an application that keep to no order. */
export const sessionTarget: FuzzTarget = {
  name: 'session',
  share: 0.025,
  leastForHeap: 9_000,
  grammar: {
    seeds: Array.from({ length: 16 }, (_, seed) =>
      Buffer.from(Array.from({ length: 120 }, (_choice, at) => (at * at * (seed + 3) + at * 7 + seed) & 0xff)),
    ),
    pieces: Array.from({ length: 64 }, (_, at) => Buffer.of(at, at >> 1, 3 * at, at >> 3, at ^ 5)),
    spansOf: (seed) => Array.from({ length: seed.length >> 2 }, (_, at) => ({ start: 4 * at, end: 4 * at + 4 })),
  },
  check(input) {
    const choices = new Choices(input);
    if (choices.below(2) === 0) playClient(choices);
    else playServer(choices);
  },
};

function playClient(choices: Choices): void {
  const scheme = choices.of(schemes);
  const setup: ClientSetup = {
    sessionId: say.sessionId,
    own: { uri: say.deviceUri },
    server: { uri: say.serverUri },
    offer: { maxMsgSize: 65_536, maxObjSize: 65_536 },
    serverAuth: choices.below(2) === 0 ? say.trusted : say.demands(scheme, say.server, say.base64('n')),
    ...(choices.below(2) === 0 ? {} : { ownAuth: say.proves(scheme, say.device, say.base64('n')) }),
    encode,
  };
  let state = newClient(setup);
  const turn = (input: ClientInput) => {
    const step = stepClient(state, input);
    holdStep(state.phase, step.state.phase, step.effects, step.state.leg.peerMaxMsgSize);
    state = step.state;
  };
  turn({ kind: 'open', code: '1201', devInfo: say.devInfo, alerts: choices.some(3, () => say.genericAlert(`r${choices.below(9)}`)) });
  for (let step = 0; step < mostSteps && !choices.isOver; step += 1) turn(clientInput(choices, state.leg.received, state.leg.sent));
}

function clientInput(choices: Choices, received: number, sent: number): ClientInput {
  switch (choices.below(8)) {
    case 0:
    case 1:
    case 2: {
      const replies: Reply[] = choices.some(4, () => reply(choices));
      return { kind: 'executed', replies, ...(choices.below(4) === 0 ? { abort: true } : {}) };
    }
    case 3:
      return choices.below(8) === 0
        ? { kind: 'silence' }
        : { kind: 'executed', replies: [], alerts: [say.genericAlert('x', 'y'.repeat(choices.below(3) * 500))] };
    default:
      return say.hear(heard(say.fromServer, choices, received, sent));
  }
}

function playServer(choices: Choices): void {
  const scheme = choices.of(schemes);
  let state = newServer({
    own: { uri: say.serverUri },
    offer: { maxMsgSize: 65_536, maxObjSize: 65_536 },
    clientAuth: choices.below(2) === 0 ? say.trusted : say.demands(scheme, say.device, say.base64('n')),
    ...(choices.below(2) === 0 ? {} : { ownAuth: say.proves(scheme, say.server, say.base64('n')) }),
    encode,
  });
  const turn = (input: ServerInput) => {
    const step = stepServer(state, input);
    holdStep(state.phase, step.state.phase, step.effects, step.state.leg.peerMaxMsgSize);
    state = step.state;
  };
  for (let step = 0; step < mostSteps && !choices.isOver; step += 1) {
    if (state.phase === 'working' && choices.below(4) > 0) {
      const statuses = state.judged.map(() => choices.of(codes));
      turn({ kind: 'answer', statuses, commands: choices.some(5, () => command(choices, 0)), abort: choices.below(12) === 0 });
    } else if (choices.below(40) === 0) turn({ kind: 'silence' });
    else turn(say.hear(heard(say.fromClient, choices, state.leg.received, state.leg.sent)));
  }
}

/** What always holds between two states. */
function holdStep(before: string, after: string, effects: readonly (ClientEffect | ServerEffect)[], limit: number | undefined): void {
  hold(before !== 'ended' || effects.length === 0, 'nothing happens after the end');
  const end = effects.findIndex((effect) => effect.kind === 'end');
  hold((end !== -1) === (after === 'ended' && before !== 'ended'), 'the end is told once');
  hold(end === -1 || end === effects.length - 1, 'the end comes last');
  for (const effect of effects) {
    if (effect.kind !== 'send') continue;
    hold(limit === undefined || effect.bytes.length <= limit, `a message of ${effect.bytes.length} bytes is larger than ${limit}`);
    say.decode(effect.bytes);
  }
}

/** A message of a peer, in order mostly, as it comes out of the codec. */
function heard(from: typeof say.fromServer, choices: Choices, received: number, sent: number): SyncMLMessage {
  const maxMsgSize = choices.below(3) === 0 ? choices.of(sizes) : undefined;
  const maxObjSize = choices.below(4) === 0 ? choices.of(sizes) : undefined;
  const message = from(
    {
      msgId: choices.below(16) === 0 ? choices.below(5) + 1 : received + 1,
      cred: cred(choices),
      ...(choices.below(20) === 0 ? { session: 'other' } : {}),
      ...(choices.below(8) === 0 ? { respUri: 'https://dm.example/r' } : {}),
      ...(maxMsgSize === undefined ? {} : { maxMsgSize }),
      ...(maxObjSize === undefined ? {} : { maxObjSize }),
      ...(choices.below(4) === 0 ? { open: true } : {}),
    },
    ...choices.some(5, () => bodyCommand(choices, sent)),
  );
  return say.decode(encode(message));
}

function cred(choices: Choices): Cred | undefined {
  const scheme = choices.of(schemes);
  return choices.of([
    undefined,
    undefined,
    say.credOf(scheme, say.server, say.base64('n')),
    say.credOf(scheme, say.device, say.base64('n')),
  ]);
}

function bodyCommand(choices: Choices, sent: number): BodyCommand {
  const ref = choices.below(8) === 0 ? choices.below(4) : sent;
  switch (choices.below(6)) {
    case 0:
      return say.header(choices.of(codes), ref, choices.below(2) === 0 ? undefined : say.chal(choices.of(schemes), say.base64('m')));
    case 1:
      return say.status(choices.of(codes), ref, String(choices.below(8)));
    case 2:
      return say.results(ref, String(choices.below(8)), choices.of(uris), 'v', chunk(choices));
    case 3:
      return say.alert(choices.of(alerts), choices.below(2) === 0 ? {} : { Item: [item(choices)] });
    default:
      return command(choices, 0);
  }
}

function command(choices: Choices, depth: number): ServerCommand {
  const CmdID = String(choices.below(30) + 1);
  switch (choices.below(depth > 2 ? 5 : 7)) {
    case 0:
      return say.get(choices.of(uris), CmdID);
    case 1:
      return { name: 'Delete', CmdID, Item: choices.some(3, () => item(choices)) };
    case 2:
      return { name: 'Exec', CmdID, Item: [item(choices)] };
    case 3:
      return { name: 'Add', CmdID, Item: [item(choices), ...choices.some(2, () => item(choices))] };
    case 4:
      return say.replace(choices.of(uris), 'v', chunk(choices), CmdID);
    case 5:
      return { name: 'Atomic', CmdID, commands: choices.some(3, () => command(choices, depth + 1)) };
    default:
      return { name: 'Sequence', CmdID, commands: choices.some(3, () => command(choices, depth + 1)) };
  }
}

function item(choices: Choices): Item {
  return { Target: { LocURI: choices.of(uris) }, Data: choices.of(data) };
}

function chunk(choices: Choices): Partial<Item> {
  const more = choices.below(3) === 0 ? { MoreData: true as const } : {};
  return { ...more, ...(choices.below(3) === 0 ? { Meta: { Size: choices.of(['0', '2', '5', '9999999999']) } } : {}) };
}

function reply(choices: Choices): Reply {
  const ref = String(choices.below(8) + 1);
  const text = 'x'.repeat(choices.below(4) * 400);
  return choices.below(2) === 0 ? say.statusReply(ref, choices.of(codes)) : say.resultsReply(ref, choices.of(uris), text);
}
