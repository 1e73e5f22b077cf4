import { z } from 'zod';
import { isHost } from './network.js';
import { ofKind } from './setting.js';

/** Where a trigger for one target goes, and how. */
export type TriggerAddress =
  | { readonly by: 'https'; readonly url: string }
  /** The port names the target. `isFramed`: as a WSP push. */
  | { readonly by: 'udp'; readonly host: string; readonly port: number; readonly isFramed: boolean }
  /** At a broker that is known from elsewhere. */
  | { readonly by: 'mqtt'; readonly topic: string };

const mostCharacters = 1024;
/** What OMA DM has registered for WAP push; where devices and gateways listen unless told otherwise. */
const usualPort = 2948;

/** What a person is told to write instead of something else. */
export const triggerAddressForm =
  'https://<host>:<port>/trigger/<target>, udp://<host>:<port>, wsp://<host>:<port> (UDP, as a WSP push) or mqtt:<gateway>/<target>, <target> being `gateway` or a DevId';

/** Reads {@link triggerAddressForm}; undefined for anything else. Names in an MQTT address may be percent-encoded. */
export function parseTriggerAddress(text: string): TriggerAddress | undefined {
  if (text.length > mostCharacters) return undefined;
  if (text.startsWith('mqtt:')) return parseTopic(text.slice('mqtt:'.length));
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  if (url.protocol === 'https:') return url.pathname.length > 1 ? { by: 'https', url: url.href } : undefined;
  return url.protocol === 'udp:' || url.protocol === 'wsp:' ? parseDatagram(url) : undefined;
}

/** A key whose value is the text of a {@link TriggerAddress}. */
export function triggerAddress() {
  const schema = z.string().refine((text) => parseTriggerAddress(text) !== undefined);
  return ofKind(schema, { type: 'trigger address', allowed: triggerAddressForm });
}

function parseDatagram({ protocol, hostname, port, pathname, search }: URL): TriggerAddress | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const number = port === '' ? usualPort : Number(port);
  if (!isHost(host) || number === 0 || pathname.length > 1 || search !== '') return undefined;
  return { by: 'udp', host, port: number, isFramed: protocol === 'wsp:' };
}

/** A slash between them, and none in them: it would make another level of the topic. */
function parseTopic(text: string): TriggerAddress | undefined {
  const parts = text.split('/').map(encodedOnce);
  const [gateway, target] = parts;
  if (parts.length !== 2 || !gateway || !target) return undefined;
  return { by: 'mqtt', topic: `postern/${gateway}/trigger/${target}` };
}

function encodedOnce(part: string): string | undefined {
  try {
    const name = decodeURIComponent(part);
    return /\p{Cc}/u.test(name) ? undefined : encodeURIComponent(name);
  } catch {
    // What is not percent-encoded UTF-8 names nobody.
    return undefined;
  }
}
