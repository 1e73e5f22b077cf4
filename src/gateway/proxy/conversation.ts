import { AclRights, allOf, RightsTable } from '#src/authority/index.js';
import { isPosternError } from '#src/base/index.js';
import { withMembers } from '#src/dm/session/index.js';
import type { Item, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import type { ManagementTree } from '#src/dm/tree/index.js';
import { devInfoFor } from '../device-facts.js';
import type { Environment } from '../environment.js';
import type { NorthTurn } from '../north/north-session.js';
import type { NorthSessions, NorthTalk } from '../north/north-sessions.js';
import { permitted } from '../north/permitted.js';
import type { Account, DeviceSummary } from '../ports.js';
import type { DevicePackage, SouthSession } from '../south/south-session.js';
import { accountTree } from './account-tree.js';
import { markCorrelators } from './correlator.js';
import { deletedNodes } from './deleted-nodes.js';
import { withTargets } from './divided.js';
import { firmwareGet, takeFirmware } from './firmware.js';
import { type Overlay, splitCommands } from './overlay.js';
import { cleanReply, withoutAcls } from './serialised-tree.js';

/** Rounds of one server in one session of the device; more is a server that will not end. */
const maxRounds = 1000;

/**
 * A device's session in proxy mode: its servers are asked for work in turn, their commands go south, what became of
 * them goes north. A server's empty closing package is never forwarded: the next server's commands go into that answer.
 */
export class ProxyConversation {
  readonly #env: Environment;
  readonly #north: NorthSessions;
  readonly #device: DeviceSummary;
  readonly #south: SouthSession;
  #devInfo: readonly Item[] = [];
  /** Whether the device has still to be asked for its firmware version, once a session. */
  #asksFirmware = true;

  constructor(env: Environment, north: NorthSessions, device: DeviceSummary, south: SouthSession) {
    this.#env = env;
    this.#north = north;
    this.#device = device;
    this.#south = south;
  }

  /** @param first the device's package 1 @param nextOf who is next, after those who have had their turn; undefined: nobody */
  async run(first: DevicePackage, nextOf: (served: ReadonlySet<string>) => Promise<Account | undefined>): Promise<void> {
    this.#devInfo = devInfoFor(this.#device, first.devInfo);
    const served = new Set<string>();
    for (let account = await nextOf(served); account !== undefined; account = await nextOf(served)) {
      if (this.#south.ended) return;
      served.add(account.serverId);
      await this.#serve(account);
    }
    if (this.#asksFirmware && this.#needsExchange()) await this.#perform([]);
    if (!this.#south.ended) await this.#south.perform([]);
  }

  /** A device that demands proof believes our statuses only after it has challenged us, and it challenges only who asks for something. */
  #needsExchange(): boolean {
    return this.#device.facts.firmware === undefined || this.#south.isUnheard;
  }

  /** Lets one server have its session with the device. */
  #serve(account: Account): Promise<void> {
    const sessionId = this.#env.triggers?.sessionId(account.owner, account.serverId);
    const asked = sessionId === undefined ? ({ code: '1201' } as const) : ({ code: '1200', sessionId } as const);
    const opening = { ...asked, devInfo: this.#devInfo, devId: this.#device.id, maxObjSize: this.#south.maxObjSize };
    return this.#north.run(account, opening, (talk) => this.#talk(account, talk));
  }

  async #talk(account: Account, talk: NorthTalk): Promise<void> {
    const party = { overlay: this.#overlay(account), rights: new RightsTable(account.rights) };
    let turn: NorthTurn = talk.first;
    this.#notePoll(account, turn);
    for (let round = 0; turn.kind === 'commands'; round += 1) {
      if (round >= maxRounds) turn = await talk.session.abort();
      else turn = await this.#report(talk, turn.commands, await this.#carryOut(turn.commands, party));
    }
    this.#noteEnd(account, turn);
  }

  /** Rights come first: what a server may not do is done nowhere, neither on the device nor here. */
  async #carryOut(commands: readonly ServerCommand[], { overlay, rights }: Party): Promise<Outcome> {
    const acls = new AclRights(this.#env.store.acls.list(this.#device.id, overlay.serverId), overlay.serverId);
    const { allowed, refused: denied } = permitted(commands, allOf(rights, acls), this.#env.settings.decode);
    const split = await splitCommands(allowed, overlay);
    const { south, refused } = this.#prepare(split.south, overlay.serverId);
    const replies = [...denied, ...split.replies, ...refused];
    if (south.length === 0) return { replies, gone: false };
    if (this.#south.ended) return { replies, gone: true };
    const said = await this.#perform(south);
    for (const uri of deletedNodes(south, said.replies)) this.#env.store.acls.removeWithin(this.#device.id, uri);
    const asked = new Set(south.flatMap((command) => [...withMembers(command)]).map(({ CmdID }) => CmdID));
    const answered = said.replies
      .filter(({ CmdRef }) => asked.has(CmdRef))
      .flatMap((reply) => cleanReply(reply, this.#env.settings.decode));
    return { replies: [...replies, ...withTargets(answered, commands, south)], gone: said.gone };
  }

  /** The question for the firmware rides along with the first commands of a session, so that it costs no exchange of its own. */
  async #perform(commands: readonly ServerCommand[]): Promise<Outcome> {
    const asked = this.#asksFirmware ? [...commands, firmwareGet] : commands;
    this.#asksFirmware = false;
    const said = await this.#south.perform(asked);
    // A device that goes away has perhaps answered in part.
    const { firmware, replies } = takeFirmware(said?.replies ?? this.#south.undelivered);
    const { inventory } = this.#env.store;
    if (firmware !== undefined && inventory.find(this.#device.id) !== undefined) {
      inventory.recordContact(this.#device.id, { firmware }, this.#env.clock.now());
    }
    return { replies, gone: said === undefined };
  }

  /** Rewrites what must not reach the device as it is; a tree that cannot be read, or would write accounts, is refused here. */
  #prepare(commands: readonly ServerCommand[], serverId: string): { south: ServerCommand[]; refused: Reply[] } {
    const south: ServerCommand[] = [];
    const refused: Reply[] = [];
    for (const command of commands) {
      try {
        south.push(markCorrelators(withoutAcls(command, this.#env.settings.decode, serverId), serverId));
      } catch (error) {
        if (!isPosternError(error)) throw error;
        refused.push(...refusal(command, String(error.status ?? 400)));
      }
    }
    return { south, refused };
  }

  /** A status is never invented: when some are missing, the server gets those that there are, and 1223. */
  #report(talk: NorthTalk, commands: readonly ServerCommand[], { replies, gone }: Outcome): Promise<NorthTurn> {
    if (gone || lacksStatus(commands, replies)) return talk.session.abort(replies);
    return talk.session.answer(replies, talk.takeReports());
  }

  #overlay(account: Account): Overlay {
    const { acls, accounts } = this.#env.store;
    const { id } = this.#device;
    const { serverId } = account;
    let tree: ManagementTree | undefined;
    return {
      serverId,
      // Few servers look at their accounts.
      get accounts() {
        tree ??= accountTree(account, accounts);
        return tree;
      },
      acls: { get: (uri) => acls.get(id, serverId, uri), put: (uri, acl) => acls.put(id, serverId, uri, acl) },
    };
  }

  /** A server that could not be reached has not been asked. */
  #notePoll({ owner, serverId, polling = this.#device.polling }: Account, first: NorthTurn): void {
    const isReached = first.kind === 'commands' || first.reason !== 'silence';
    // What decides nothing costs no write.
    if (isReached && typeof polling === 'number') this.#env.store.accounts.recordPoll(owner, serverId, this.#env.clock.now());
  }

  #noteEnd(account: Account, turn: Extract<NorthTurn, { kind: 'end' }>): void {
    const about = { device: this.#device.id, serverId: account.serverId, reason: turn.reason, status: turn.status, detail: turn.detail };
    if (turn.reason === 'complete') this.#env.log.info(about, 'the session with the DM server is complete');
    else this.#env.log.warn(about, 'the session with the DM server ended early');
  }
}

/** A server as the conversation sees it. */
interface Party {
  readonly overlay: Overlay;
  readonly rights: RightsTable;
}

interface Outcome {
  readonly replies: readonly Reply[];
  /** The device is no longer there. */
  readonly gone: boolean;
}

function refusal(command: ServerCommand, code: string): Reply[] {
  return [...withMembers(command)].map((member) => ({
    name: 'Status',
    CmdRef: member.CmdID,
    Cmd: member.name,
    Data: member === command ? code : '215',
  }));
}

/** Whether a command that wants one has no Status. What became of a block's members is the device's to say. */
function lacksStatus(commands: readonly ServerCommand[], replies: readonly Reply[]): boolean {
  const answered = new Set(replies.filter((reply) => reply.name === 'Status').map((reply) => reply.CmdRef));
  return commands.some((command) => command.NoResp !== true && !answered.has(command.CmdID));
}
