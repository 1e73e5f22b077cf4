import { macUrn, uuidUrn } from '../device-urn.js';

/** A service as it describes itself: its type, such as `_ipp._tcp`, and its TXT record by lower-case key. */
export interface DescribedService {
  readonly type: string;
  readonly texts: ReadonlyMap<string, string>;
}

interface IdentityRule {
  /** Absent: in any service. */
  readonly type?: string;
  readonly key: string;
  readonly urn: (text: string) => string | undefined;
}

/**
 * Which TXT values name the device itself, the best first. Left out on purpose: HomeKit's `id` looks like a MAC address but is made up
 * and changes with a factory reset, Matter's names belong to a fabric, and a serial number alone says nothing without its maker.
 */
const identityRules: readonly IdentityRule[] = [
  { key: 'uuid', urn: uuidUrn },
  { type: '_googlecast._tcp', key: 'id', urn: uuidUrn },
  { type: '_hue._tcp', key: 'bridgeid', urn: macUrn },
  { type: '_airplay._tcp', key: 'deviceid', urn: macUrn },
  { key: 'mac', urn: macUrn },
  { key: 'macaddress', urn: macUrn },
];

/** What else the TXT records of many makers tell, the best key first. */
const factKeys = {
  manufacturer: ['manufacturer', 'usb_mfg', 'mf'],
  model: ['model', 'usb_mdl', 'md', 'ty', 'am'],
  firmware: ['fw', 'firmware', 'fw_version', 'fv'],
} as const;

/** The DevId URN that the services of a device give it, whichever came first; undefined where none of them names it. */
export function identityOf(services: readonly DescribedService[]): string | undefined {
  for (const rule of identityRules) {
    const given = services.flatMap((service) => {
      const text = rule.type === undefined || rule.type === service.type ? service.texts.get(rule.key) : undefined;
      return text === undefined ? [] : [rule.urn(text)];
    });
    const urn = given.filter((one) => one !== undefined).toSorted()[0];
    if (urn !== undefined) return urn;
  }
  return undefined;
}

/** A fact about the device, as one of its services tells it. */
export function factOf(services: readonly DescribedService[], fact: keyof typeof factKeys): string | undefined {
  const texts = factKeys[fact].flatMap((key) => services.map((service) => service.texts.get(key)));
  return texts.find((text) => text !== undefined && text !== '');
}

/** The pairs of a TXT record; a key that stands twice has its first value. @see RFC 6763 § 6.4 */
export function textPairs(texts: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const [key = '', ...value] = text.split('=');
    if (key !== '' && !pairs.has(key.toLowerCase())) pairs.set(key.toLowerCase(), value.join('='));
  }
  return pairs;
}
