import { isIP } from 'node:net';
import { z } from 'zod';
import { ofKind } from './setting.js';

const hostName = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$/;

/** A TCP port; `0` where any free one will do. */
export function port(least: 0 | 1) {
  const any = least === 0 ? ', 0 for any free one' : '';
  return ofKind(z.int().min(least).max(65_535), { type: 'port', allowed: `a port from ${least === 0 ? 1 : least} to 65535${any}` });
}

/** An address of this machine to listen on. */
export function listenAddress() {
  const schema = z.string().refine((text) => isIP(text) !== 0);
  return ofKind(schema, {
    type: 'IP address',
    allowed: 'an IP address of this machine: 127.0.0.1 or ::1 for itself only, 0.0.0.0 or :: for all',
  });
}

/** A name or an address of a host. */
export function host() {
  const schema = z.string().refine(isHost);
  return ofKind(schema, { type: 'host', allowed: 'a host name or an IP address, without scheme and port' });
}

/** Whether a text is a name or an address of a host. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || hostName.test(text);
}

/** One address of a host. */
export function ipAddress() {
  return ofKind(
    z.string().refine((text) => isIP(text) !== 0),
    { type: 'IP address', allowed: 'an IP address such as 192.168.1.20' },
  );
}

/** A path of our own endpoint. */
export function urlPath() {
  const schema = z.string().regex(/^\/[\w.~/-]{0,127}$/);
  return ofKind(schema, { type: 'URL path', allowed: 'a path that begins with / and has only letters, digits and . _ ~ - /' });
}

/** An http or https address; whether http will do is a question for the account. */
export function webAddress() {
  return ofKind(z.string().max(1024).refine(isWebAddress), {
    type: 'URL',
    allowed: 'an https:// or http:// address without user name, password or fragment',
  });
}

/** An MQTT broker; whether it may do without TLS is another key's. */
export function brokerAddress() {
  const schema = z.string().max(1024).refine(isBrokerAddress);
  return ofKind(schema, { type: 'URL', allowed: 'an mqtts:// or mqtt:// address with host and port alone' });
}

function isBrokerAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  return (
    /^mqtts?:$/.test(protocol) && hostname !== '' && [username, password, search, hash].every((part) => part === '') && pathname.length < 2
  );
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === '';
}
