/** The longest name of a host or service, in characters. @see RFC 1035 § 2.3.4 */
const longestName = 255;
const longestLabel = 63;
const mostTexts = 48;
const longestText = 255;

interface Common {
  readonly name: string;
  /** Time to live in seconds; 0 takes the record back. */
  readonly ttl: number;
  /** What others remember under this name and type is to be forgotten (the cache-flush bit). */
  readonly flush?: boolean;
}

/** The records that services are found by. @see RFC 6763 § 4, § 5, § 6 */
export type MdnsRecord =
  | (Common & { readonly type: 'PTR'; readonly data: string })
  | (Common & { readonly type: 'SRV'; readonly data: { readonly target: string; readonly port: number } })
  | (Common & { readonly type: 'TXT'; readonly data: readonly string[] })
  | (Common & { readonly type: 'A'; readonly data: string });

/** A question, or the name and type of a record. */
export interface MdnsQuestion {
  readonly name: string;
  readonly type: MdnsRecord['type'] | 'ANY';
}

/** The records of a section that we understand; all else in it is left out. */
export function readRecords(section: readonly unknown[]): MdnsRecord[] {
  return section.flatMap((entry) => {
    const record = isObject(entry) ? readRecord(entry) : undefined;
    return record === undefined ? [] : [record];
  });
}

export function readQuestions(section: readonly unknown[]): MdnsQuestion[] {
  return section.flatMap((entry) => {
    if (!isObject(entry)) return [];
    const { name, type } = entry;
    return isName(name) && isAsked(type) ? [{ name, type }] : [];
  });
}

/** Whether two names are the same: case does not count. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether the encoder would write this name as it is: it divides at every dot, and overlong labels break the packet. */
export function isAskable(name: string): boolean {
  return (
    Buffer.byteLength(name) < longestName && name.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= longestLabel)
  );
}

function readRecord({ name, type, ttl, flush, data }: Readonly<Record<string, unknown>>): MdnsRecord | undefined {
  if (!isName(name) || typeof ttl !== 'number') return undefined;
  const common = { name, ttl, flush: flush === true };
  if (type === 'PTR' && isName(data)) return { ...common, type, data };
  if (type === 'A' && typeof data === 'string') return { ...common, type, data };
  if (type === 'TXT' && Array.isArray(data)) return { ...common, type, data: readTexts(data) };
  if (type === 'SRV' && isObject(data)) return readService(common, data);
  return undefined;
}

function readService(common: Common, { target, port }: Readonly<Record<string, unknown>>): MdnsRecord | undefined {
  return isName(target) && typeof port === 'number' ? { ...common, type: 'SRV', data: { target, port } } : undefined;
}

function readTexts(data: readonly unknown[]): string[] {
  const texts = data.slice(0, mostTexts).filter((text) => text instanceof Uint8Array && text.length <= longestText);
  return texts.map((text) => Buffer.from(text as Uint8Array).toString('utf8'));
}

function isAsked(type: unknown): type is MdnsQuestion['type'] {
  return type === 'PTR' || type === 'SRV' || type === 'TXT' || type === 'A' || type === 'ANY';
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestName;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
