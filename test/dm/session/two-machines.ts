import { type ClientEffect, type ClientInput, type ClientState, stepClient } from '#src/dm/client/index.js';
import { type ServerEffect, type ServerInput, type ServerState, stepServer } from '#src/dm/server/index.js';
import type { Alert, Item, Reply, ServerCommand, SyncMLMessage } from '#src/dm/syncml/index.js';
import { decode } from './messages.js';

/** What the two sides are told to do. */
export interface Script {
  readonly client: ClientState;
  readonly server: ServerState;
  readonly open: Extract<ClientInput, { kind: 'open' }>;
  /** Command sets of the server, one after the other. */
  readonly batches: readonly (readonly ServerCommand[])[];
  readonly execute: (commands: readonly ServerCommand[]) => readonly Reply[];
  readonly messageLimit: number;
}

export interface Log {
  readonly toServer: SyncMLMessage[];
  readonly toClient: SyncMLMessage[];
  readonly sizes: { readonly to: 'client' | 'server'; readonly bytes: number; readonly limit: number | undefined }[];
  readonly executed: ServerCommand[];
  /** For each batch, what the server's application heard. */
  readonly heard: Reply[][];
  readonly alerts: Alert[];
  readonly devInfo: Item[];
  readonly alertStatuses: string[];
  readonly ends: { readonly client?: string; readonly server?: string };
}

/** Runs both machines against each other through the codec, until nobody has anything to say. */
export function converse(script: Script): Log {
  return new Conversation(script).run();
}

class Conversation {
  readonly log: Log & { ends: { client?: string; server?: string } } = {
    toServer: [],
    toClient: [],
    sizes: [],
    executed: [],
    heard: [],
    alerts: [],
    devInfo: [],
    alertStatuses: [],
    ends: {},
  };
  #client: ClientState;
  #server: ServerState;
  #batch = 0;
  #nonces = 0;

  constructor(readonly script: Script) {
    this.#client = script.client;
    this.#server = script.server;
  }

  run(): Log {
    this.#clientSays(this.script.open);
    for (let at = 0; this.log.toServer.length > at; at++) {
      if (at > this.script.messageLimit) throw new Error('the session does not end');
      const answered = this.log.toClient.length;
      this.#serverSays({ kind: 'message', message: this.log.toServer[at] as SyncMLMessage, fresh: this.#fresh() });
      const reply = this.log.toClient[answered];
      if (reply === undefined) this.#clientSays({ kind: 'silence' });
      else if (this.log.ends.client === undefined) this.#clientSays({ kind: 'message', message: reply, fresh: this.#fresh() });
    }
    if (this.log.ends.server === undefined) this.#serverSays({ kind: 'silence' });
    return this.log;
  }

  #fresh(): string {
    this.#nonces += 1;
    return Buffer.from(`nonce${this.#nonces}`).toString('base64');
  }

  #clientSays(input: ClientInput): void {
    const { state, effects } = stepClient(this.#client, input);
    this.#client = state;
    for (const effect of effects) this.#forClient(effect);
  }

  #forClient(effect: ClientEffect): void {
    if (this.log.ends.client !== undefined) throw new Error('the client goes on after its end');
    if (effect.kind === 'send') {
      this.log.sizes.push({ to: 'server', bytes: effect.bytes.length, limit: this.#client.leg.peerMaxMsgSize });
      this.log.toServer.push(decode(effect.bytes));
    }
    if (effect.kind === 'execute') {
      this.log.executed.push(...effect.commands);
      this.#clientSays({ kind: 'executed', replies: this.script.execute(effect.commands) });
    }
    if (effect.kind === 'alert-status') this.log.alertStatuses.push(`${effect.ref} ${effect.status}`);
    if (effect.kind === 'end') this.log.ends.client = effect.reason;
  }

  #serverSays(input: ServerInput): void {
    const { state, effects } = stepServer(this.#server, input);
    this.#server = state;
    for (const effect of effects) this.#forServer(effect);
  }

  #forServer(effect: ServerEffect): void {
    if (this.log.ends.server !== undefined) throw new Error('the server goes on after its end');
    if (effect.kind === 'send') {
      this.log.sizes.push({ to: 'client', bytes: effect.bytes.length, limit: this.#server.leg.peerMaxMsgSize });
      this.log.toClient.push(decode(effect.bytes));
    }
    if (effect.kind === 'deliver') this.#answer(effect);
    if (effect.kind === 'end') this.log.ends.server = effect.reason;
  }

  #answer(delivery: Extract<ServerEffect, { kind: 'deliver' }>): void {
    this.log.alerts.push(...delivery.alerts);
    this.log.devInfo.push(...delivery.devInfo);
    if (delivery.final && this.#batch > 0) this.log.heard.push([...delivery.replies]);
    const commands = delivery.final ? (this.script.batches[this.#batch] ?? []) : [];
    if (delivery.final) this.#batch += 1;
    this.#serverSays({ kind: 'answer', statuses: delivery.alerts.map(() => '200'), commands });
  }
}
