import type { Item, Meta, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { composeOrder, membersOf, readRef } from './compose-order.js';
import type { CommandRecord, Order, OrderOutcome, OrderResult, OrderStatus } from './ports.js';

/** Characters of results kept for one order. */
const maxResultLength = 262_144;
/** Statuses kept for one order: a peer may send any number. */
const maxStatuses = 256;

interface Answered {
  readonly order: Order;
  readonly statuses: OrderStatus[];
  readonly results: OrderResult[];
  /** Characters of the results. */
  length: number;
  lost: boolean;
}

/** The orders that went to a client in one package, and what the client said about them. */
export class Batch {
  readonly commands: readonly ServerCommand[];
  readonly #answered: ReadonlyMap<number, Answered>;

  constructor(records: readonly CommandRecord[]) {
    this.commands = records.map(({ id, order }) => composeOrder(id, order));
    this.#answered = new Map(records.map(({ id, order }) => [id, { order, statuses: [], results: [], length: 0, lost: false }]));
  }

  get ids(): readonly number[] {
    return [...this.#answered.keys()];
  }

  /** Whether the client gave a Status for any of them. */
  get hasStatus(): boolean {
    return this.ids.some((id) => this.outcome(id) !== undefined);
  }

  /** Files what the client said. */
  take(replies: readonly Reply[]): void {
    for (const reply of replies) {
      const { id, member } = readRef(reply.CmdRef);
      const answered = this.#answered.get(id);
      if (answered === undefined) continue;
      if (reply.name === 'Status') takeStatus(answered, reply, member);
      else takeResults(answered, reply.Item ?? [], reply.Meta);
    }
  }

  /** What the client said about an order; undefined without a Status. */
  outcome(id: number): OrderOutcome | undefined {
    const answered = this.#answered.get(id);
    if (answered === undefined || answered.statuses.length === 0) return undefined;
    const { statuses, results } = answered;
    const reason = missingOf(answered);
    return { statuses, results, ...(reason === undefined ? {} : { reason }) };
  }
}

/** What is missing from the results: a session can break off between the Status of a Get and its Results. */
function missingOf({ order, statuses, results, lost }: Answered): string | undefined {
  if (lost) return `results beyond ${maxResultLength} characters were not kept`;
  const isRead = 'command' in order && order.command === 'Get' && statuses.some(({ status }) => status >= 200 && status < 300);
  return isRead && results.length === 0 ? 'the client said that it has the value, and its session ended before the value came' : undefined;
}

type StatusReply = Extract<Reply, { name: 'Status' }>;

function takeStatus({ order, statuses }: Answered, { TargetRef, Data }: StatusReply, member: number | undefined): void {
  if (statuses.length >= maxStatuses) return;
  const asked = 'command' in order ? order : membersOf(order)[member ?? Number.NaN];
  const uri = TargetRef?.[0] ?? asked?.uri;
  // A block as a whole is about no node.
  const whole = !('command' in order) && member === undefined;
  statuses.push({ ...(uri === undefined || whole ? {} : { uri }), status: Number.parseInt(Data, 10) || 0 });
}

function takeResults(answered: Answered, items: readonly Item[], meta: Meta | undefined): void {
  for (const item of items) {
    const result = resultOf(item, meta);
    answered.length += JSON.stringify(result).length;
    if (answered.length > maxResultLength) answered.lost = true;
    else answered.results.push(result);
  }
}

function resultOf({ Source, Target, Meta, Data }: Item, shared: Meta | undefined): OrderResult {
  const format = Meta?.Format ?? shared?.Format;
  const type = Meta?.Type ?? shared?.Type;
  return {
    uri: Source?.LocURI ?? Target?.LocURI ?? '',
    ...(format === undefined ? {} : { format }),
    ...(type === undefined ? {} : { type }),
    ...(Data === undefined ? {} : { data: typeof Data === 'string' ? Data : Data.markup }),
  };
}
