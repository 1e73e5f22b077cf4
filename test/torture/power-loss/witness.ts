import { defaultDecodeLimits, type SyncMLMessage, xmlCodec } from '#src/dm/syncml/index.js';
import { type Exchange, PatientDevice } from '../../e2e/patient-device.js';
import { type Site, serverId } from '../../e2e/site.js';
import { sendTrigger } from '../send-trigger.js';
import { type Kept, sha256 } from './kept.js';

/** Something that was acknowledged, as somebody got it. */
export interface Heard {
  readonly what: string;
  /** The answer as it was sent in the clear, or the moment at which it had come, in seconds since 1970. */
  readonly by: Uint8Array | number;
  readonly isIn: (kept: Kept) => boolean;
}

/** Triggers go out after each so many sessions, and the device gets another name. */
const askedEvery = 5;

/** A device that writes down what the gateway has acknowledged to it, and to its server. */
export class Witness {
  readonly #site: Site;
  readonly #id: string;
  readonly #device: PatientDevice;
  readonly #trust: string;
  readonly #serverPassword: string;
  readonly #others: Heard[] = [];

  private constructor({ site, id, device, trust, serverPassword }: WitnessParts) {
    this.#site = site;
    this.#id = id;
    this.#device = device;
    this.#trust = trust;
    this.#serverPassword = serverPassword;
  }

  static async meet(site: Site, id: string): Promise<Witness> {
    const from = site.passwords.length;
    const added = await site.addDevice({ id, allowPlainHttp: true });
    const by = heardBy();
    // The two of the leg north come first, and of them the client's.
    const serverPassword = site.passwords[from + 1] ?? '';
    const witness = new Witness({ site, id, device: new PatientDevice(added, { id }), trust: added.trust, serverPassword });
    witness.#others.push({ what: `${id} was added`, by, isIn: ({ devices }) => devices.has(id) });
    return witness;
  }

  async talk(sessions: number): Promise<void> {
    for (let count = 1; count <= sessions; count += 1) {
      this.#device.report(`report ${count}`);
      await this.#device.session();
      if (count % askedEvery > 0) continue;
      await this.#trigger((0xa0 + count).toString(16).toUpperCase());
      await this.#rename(count);
    }
    this.#device.close();
  }

  get heard(): readonly Heard[] {
    const { exchanges } = this.#device;
    return [...this.#others, ...this.#nonces(exchanges), ...this.#reports(exchanges)];
  }

  /** The server asks for a session; its trigger is known, until a nonce that it was not made for has taken its place. */
  async #trigger(sessionId: string): Promise<void> {
    const leg = `north/${this.#id}/${serverId}`;
    const nonce = this.#site.readDatabase((database) =>
      String(database.prepare("SELECT value FROM nonce WHERE leg = ? AND whose = 'server'").pluck().get(leg) ?? ''),
    );
    const status = await sendTrigger(this.#site, {
      device: this.#id,
      sessionId,
      password: this.#serverPassword,
      nonce,
      trust: this.#trust,
    });
    if (status !== 202) throw new Error(`a trigger got ${status}`);
    this.#others.push({
      what: `${this.#id} trigger ${sessionId}`,
      by: heardBy(),
      isIn: ({ triggers, nonces }) => triggers.has(`${this.#id} ${sessionId}`) || nonces.get(`${leg} server`) !== nonce,
    });
  }

  /** It is called so, or as it was called later. */
  async #rename(count: number): Promise<void> {
    await this.#site.gatewayDoor.renameDevice({ id: this.#id, name: `name ${count}` });
    const isIn = ({ names }: Kept) => Number(names.get(this.#id)?.slice('name '.length) ?? 0) >= count;
    this.#others.push({ what: `${this.#id} name ${count}`, by: heardBy(), isIn });
  }

  /** Whoever has been given a nonce is known by it, or by a later one: the earlier ones are worth nothing. */
  #nonces(exchanges: readonly Exchange[]): Heard[] {
    const given = exchanges.flatMap(({ reply }) => {
      const nonce = nextNonceIn(reply.body);
      return nonce === undefined ? [] : [{ nonce, reply }];
    });
    const order = given.map(({ nonce }) => nonce);
    return given.map(({ reply }, at) => ({
      what: `${this.#id} nonce ${at + 1}`,
      by: reply.body,
      isIn: ({ nonces }) => order.indexOf(nonces.get(`south/${this.#id}`) ?? '') >= at,
    }));
  }

  /** A report is there once, and the message that brought it, or a later one, is known with its answer: its repeat has no effect. */
  #reports(exchanges: readonly Exchange[]): Heard[] {
    const brought = exchanges.flatMap(({ sent, reply }) => {
      const taken = takenReports(decode(sent), decode(reply.body));
      return taken.length === 0 ? [] : [{ taken, digest: sha256(sent), answer: sha256(reply.body), reply }];
    });
    const said = brought.flatMap(({ taken }) => taken);
    const order = brought.map(({ digest }) => digest);
    const answers = brought.map(({ answer, reply }, at) => ({
      what: `${this.#id} answer ${at + 1}`,
      by: reply.body,
      isIn: ({ lastMessages }: Kept) => {
        const last = lastMessages.get(this.#id);
        const place = order.indexOf(last?.digest ?? '');
        return place > at || (place === at && last?.answer === answer);
      },
    }));
    const reports = brought.flatMap(({ taken, reply }) =>
      taken.map((data) => ({ what: `${this.#id} ${data}`, by: reply.body, isIn: (kept: Kept) => this.#isThere(kept, said, data) })),
    );
    return [...answers, ...reports];
  }

  /** Reports are queued one behind the other: each stands in its own place, and none is there that was not said. */
  #isThere({ reports }: Kept, said: readonly string[], data: string): boolean {
    const kept = reports.get(this.#id) ?? [];
    const place = kept[said.indexOf(data)];
    return (place === data || place === '') && kept.length <= said.length;
  }
}

interface WitnessParts {
  readonly site: Site;
  readonly id: string;
  readonly device: PatientDevice;
  readonly trust: string;
  readonly serverPassword: string;
}

/** The nonce for the device's next session, where its credentials were accepted. */
function nextNonceIn(reply: Uint8Array): string | undefined {
  for (const command of decode(reply).SyncBody.commands) {
    if (command.name === 'Status' && command.CmdRef === '0' && command.Data === '212') return command.Chal?.Meta.NextNonce;
  }
  return undefined;
}

/** What the reports of a message say that were answered 200. */
function takenReports(message: SyncMLMessage, answer: SyncMLMessage): string[] {
  const isTaken = (id: string) =>
    answer.SyncBody.commands.some(
      (command) => command.name === 'Status' && command.MsgRef === message.SyncHdr.MsgID && command.CmdRef === id && command.Data === '200',
    );
  return message.SyncBody.commands.flatMap((command) =>
    command.name === 'Alert' && command.Data === '1226' && isTaken(command.CmdID)
      ? (command.Item ?? []).map(({ Data }) => String(Data))
      : [],
  );
}

function decode(bytes: Uint8Array): SyncMLMessage {
  return xmlCodec.decode(bytes, defaultDecodeLimits);
}

/** Now, in seconds, as the trace has it, and not before: the clock cuts the rest of a millisecond off, in which another answer may have left. */
function heardBy(): number {
  return (Date.now() + 1) / 1000;
}
