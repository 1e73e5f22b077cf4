import { isPosternError, PosternError } from '#src/base/index.js';
import type { Report, VirtualDevice } from './virtual-device.js';

/** What a person or a test can ask of the device. */
export type Order =
  | { readonly do: 'session' }
  | ({ readonly do: 'alert' | 'alert-and-session' } & Report)
  | { readonly do: 'read'; readonly uri: string }
  | { readonly do: 'set'; readonly uri: string; readonly value: string }
  | { readonly do: 'repeat-last' };

/** The one answer to an order. */
export interface Done {
  readonly event: 'done';
  readonly of: string;
  readonly ok: boolean;
  readonly [detail: string]: unknown;
}

/**
 * Parses an order: a JSON object, or words such as `session`, `read ./Vendor/Lamp/On`, `set ./Vendor/Lamp/On true`,
 * `alert urn:oma:at:x-example:button:1.0 pressed`.
 * @throws PosternError `device.order`
 */
export function parseOrder(line: string): Order {
  return line.trimStart().startsWith('{') ? checkOrder(parseObject(line)) : checkOrder(fromWords(line));
}

/** Carries an order out. What goes wrong with it is in the answer. */
export async function performOrder(device: VirtualDevice, order: Order): Promise<Done> {
  try {
    return { event: 'done', of: order.do, ...(await perform(device, order)) };
  } catch (error) {
    return refusedOrder(error, order.do);
  }
}

/** The answer to a line that is no order. */
export function refusedOrder(error: unknown, of = 'unknown'): Done {
  if (!isPosternError(error)) throw error;
  return { event: 'done', of, ok: false, error: error.message };
}

async function perform(device: VirtualDevice, order: Order): Promise<{ ok: boolean; [detail: string]: unknown }> {
  switch (order.do) {
    case 'session':
      return runSession(device);
    case 'alert':
      return { ok: true, ref: device.report(order) };
    case 'alert-and-session': {
      const ref = device.report(order);
      const session = await runSession(device);
      return { ...session, ref, taken: !device.waiting.includes(ref) };
    }
    case 'read':
      return { ok: true, uri: order.uri, value: device.read(order.uri) };
    case 'set':
      device.set(order.uri, order.value);
      return { ok: true, uri: order.uri };
    case 'repeat-last':
      return { ok: true, ...(await device.repeatLast()) };
  }
}

async function runSession(device: VirtualDevice): Promise<{ ok: boolean; [detail: string]: unknown }> {
  const { event: _, ...session } = await device.runSession();
  return { ok: session.result === 'complete', ...session };
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(line: string): Fields {
  try {
    return JSON.parse(line) as Fields;
  } catch (cause) {
    throw new PosternError('device.order', { what: 'The line is not valid JSON.' }, { cause });
  }
}

function fromWords(line: string): Fields {
  const [what = '', first, ...rest] = line.trim().split(/\s+/);
  const text = rest.join(' ');
  if (what === 'read') return { do: what, uri: first };
  if (what === 'set') return { do: what, uri: first, value: text };
  if (what === 'alert' || what === 'alert-and-session') return { do: what, type: first, data: text };
  return { do: what };
}

/** Fields that each order needs, and those that it may have. All are texts. */
const orders: Readonly<Record<Order['do'], { readonly needs: readonly string[]; readonly may: readonly string[] }>> = {
  session: { needs: [], may: [] },
  alert: { needs: ['type', 'data'], may: ['format', 'correlator', 'source'] },
  'alert-and-session': { needs: ['type', 'data'], may: ['format', 'correlator', 'source'] },
  read: { needs: ['uri'], may: [] },
  set: { needs: ['uri', 'value'], may: [] },
  'repeat-last': { needs: [], may: [] },
};

function checkOrder(fields: Fields): Order {
  const name = fields['do'];
  if (typeof name !== 'string' || !Object.hasOwn(orders, name)) {
    throw new PosternError('device.order', { what: `There are these orders: ${Object.keys(orders).join(', ')}.` });
  }
  const { needs, may } = orders[name as Order['do']];
  const missing = needs.filter((field) => typeof fields[field] !== 'string');
  if (missing.length > 0) throw new PosternError('device.order', { what: `${name} needs ${missing.join(' and ')}, each a text.` });
  const wrong = may.filter((field) => fields[field] !== undefined && typeof fields[field] !== 'string');
  if (wrong.length > 0) throw new PosternError('device.order', { what: `${wrong.join(' and ')} of ${name} must be a text.` });
  return fields as unknown as Order;
}
