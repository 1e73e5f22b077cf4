import type { DeviceIdentity } from './dhcp/option-125.js';

/** The longest DevId that the inventory takes, in characters. */
const longest = 128;
const uuidForm = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/;
const mac48Form = /^[0-9a-f]{2}(?:([:-]?)[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/;
const eui64Form = /^[0-9a-f]{16}$/;

/** `urn:uuid:…` of a UUID with or without hyphens, in any case; undefined for anything else, and for the one that is all zeros or all ones. */
export function uuidUrn(text: string): string | undefined {
  const bare = text
    .toLowerCase()
    .replace(/^urn:/, '')
    .replace(/^uuid:/, '');
  const [, ...parts] = uuidForm.exec(bare) ?? [];
  return parts.length === 0 || isFiller(parts.join('')) ? undefined : `urn:uuid:${parts.join('-')}`;
}

/**
 * `urn:dev:mac:<16 hex>` of an EUI-48 (`00:24:be:80:4f:f1`, with hyphens, or bare) or a bare EUI-64; undefined for anything else, a
 * group address, and what is all zeros or all ones. One that was made up (locally administered) counts: it lasts on this network.
 * @see RFC 9039 § 4.1: an EUI-48 gets FFFE in its middle, and there are always 16 digits
 */
export function macUrn(text: string): string | undefined {
  const lower = text.toLowerCase();
  const bare = lower.replace(/[:-]/g, '');
  if (!(mac48Form.test(lower) || eui64Form.test(lower)) || isFiller(bare) || isGroup(bare)) return undefined;
  return `urn:dev:mac:${bare.length === 16 ? bare : `${bare.slice(0, 6)}fffe${bare.slice(6)}`}`;
}

/**
 * `urn:dev:ops:<OUI>-<ProductClass>-<Serial>`, or `urn:dev:os:<OUI>-<Serial>` where there is no product class; undefined where a part
 * is missing or the whole is too long for a DevId.
 * @see RFC 9039 § 4.4, § 4.5; the organisation is the OUI, as in TR-069 § 3.4.4
 */
export function opsUrn({ oui, productClass, serial }: DeviceIdentity): string | undefined {
  if (!/^[0-9a-f]{6}$/i.test(oui) || serial === '') return undefined;
  const parts = [oui.toUpperCase(), ...(productClass ? [escaped(productClass)] : []), escaped(serial)];
  const urn = `urn:dev:${productClass ? 'ops' : 'os'}:${parts.join('-')}`;
  return urn.length > longest ? undefined : urn;
}

/** The hyphen divides the parts, so it cannot stand in one. */
function escaped(part: string): string {
  return Array.from(Buffer.from(part), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9._]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** What makers leave in where a number should have been. */
function isFiller(hex: string): boolean {
  return /^(?:0+|f+)$/.test(hex);
}

function isGroup(hex: string): boolean {
  return (Number.parseInt(hex.slice(0, 2), 16) & 1) === 1;
}
