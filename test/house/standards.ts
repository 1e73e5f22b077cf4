import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A document that the sources refer to. */
export interface Standard {
  /** What the sources call it. */
  readonly name: string;
  /** Where a reference names several of one family, the later ones are shorter. */
  readonly short?: string;
  readonly title: string;
}

/** Every document that a reference in the sources may name. */
export const standards: readonly Standard[] = [
  { name: 'OMA DM Protocol 1.2', short: 'Protocol 1.2', title: 'OMA Device Management Protocol (OMA-TS-DM_Protocol-V1_2)' },
  { name: 'OMA DM RepPro 1.2', short: 'RepPro 1.2', title: 'OMA DM Representation Protocol (OMA-TS-DM_RepPro-V1_2)' },
  { name: 'MetaInfo 1.2', title: 'SyncML Meta-Information (OMA-TS-SyncML_MetaInfo-V1_2)' },
  { name: 'OMA DM HTTP Binding 1.2', title: 'SyncML HTTP Binding (OMA-TS-SyncML_HTTPBinding-V1_2)' },
  { name: 'OMA DM Security 1.2', title: 'OMA Device Management Security (OMA-TS-DM_Security-V1_2)' },
  { name: 'OMA DM TND 1.2', short: 'TND 1.2', title: 'OMA DM Tree and Description (OMA-TS-DM_TND-V1_2)' },
  { name: 'OMA DM TNDS 1.2', short: 'TNDS 1.2', title: 'OMA DM Tree and Description Serialisation (OMA-TS-DM_TNDS-V1_2)' },
  { name: 'OMA DM StdObj 1.2', title: 'OMA DM Standardised Objects (OMA-TS-DM_StdObj-V1_2)' },
  { name: 'OMA DM Notification 1.2', title: 'OMA DM Notification Initiated Session (OMA-TS-DM_Notification-V1_2)' },
  { name: 'OMA DM Bootstrap 1.2', title: 'OMA Device Management Bootstrap (OMA-TS-DM_Bootstrap-V1_2)' },
  { name: 'OMA GwMO 1.1', title: 'OMA Gateway Management Object (OMA-TS-GwMO-V1_1)' },
  { name: 'OMNA registry of DM alert types', title: 'the Open Mobile Naming Authority’s list' },
  { name: 'XML 1.0 (fifth edition)', title: 'W3C Recommendation' },
  { name: 'WAP-192 WBXML 1.3', title: 'WAP Binary XML Content Format' },
  { name: 'WAP-230-WSP', title: 'WAP Wireless Session Protocol' },
  { name: 'MQTT 3.1.1', title: 'OASIS Standard' },
  { name: 'UPnP Device Architecture 1.1', title: 'UPnP Forum' },
  { name: 'TR-069', title: 'Broadband Forum, CPE WAN Management Protocol' },
  { name: 'IANA IPv4 and IPv6 Special-Purpose Address Registries', title: 'IANA' },
  { name: 'RFC 1035', title: 'Domain names' },
  { name: 'RFC 3396', title: 'Long options in DHCPv4' },
  { name: 'RFC 3925', title: 'Vendor-identifying vendor options of DHCPv4' },
  { name: 'RFC 4648', title: 'Base64' },
  { name: 'RFC 5280', title: 'X.509 certificates' },
  { name: 'RFC 6335', title: 'Service names and port numbers' },
  { name: 'RFC 6585', title: 'Additional HTTP status codes' },
  { name: 'RFC 6762', title: 'Multicast DNS' },
  { name: 'RFC 6763', title: 'DNS-based service discovery' },
  { name: 'RFC 6890', title: 'Special-purpose IP addresses' },
  { name: 'RFC 7617', title: 'HTTP Basic' },
  { name: 'RFC 9039', title: 'URNs for device identifiers' },
  { name: 'RFC 8446', title: 'TLS 1.3' },
  { name: 'RFC 9110', title: 'HTTP semantics' },
  { name: 'RFC 9112', title: 'HTTP/1.1' },
  { name: 'RFC 9525', title: 'Service identity in TLS' },
];

/** A section of a document (empty: the whole of it), and the file that refers to it. */
export interface Reference {
  readonly standard: string;
  readonly section: string;
  readonly file: string;
}

/** A line of the sources with a section sign, or a `@see`, in which no document of the table stands. */
export interface Unknown {
  readonly file: string;
  readonly line: string;
}

/** What `src` says about where a thing is standardised. */
export function referencesInSources(): { references: Reference[]; unknown: Unknown[] } {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const lines = files.sort().flatMap((name) =>
    readFileSync(path.join(root, 'src', name), 'utf8')
      .split('\n')
      .map((line) => ({ file: `src/${name}`, line: line.trim() })),
  );
  const read = lines.map(({ file, line }) => ({ file, line, found: referencesIn(line) }));
  return {
    references: read.flatMap(({ file, found }) => found.map((one) => ({ ...one, file }))),
    unknown: read.filter(({ line, found }) => line.includes('§') && found.length === 0),
  };
}

const called = standards
  .flatMap(({ name, short }) => [name, ...(short === undefined ? [] : [short])].map((text) => ({ text, name })))
  .toSorted((a, b) => b.text.length - a.text.length);
const mention = new RegExp(called.map(({ text }) => text.replace(/[.()]/g, '\\$&')).join('|'), 'g');
/** `§ 5.2.1`, `§ 6.1, 7.7`, `§ 6 and 8`, `§ 2–4`, `§ 6.3, § 11.2`, `Annex F.2.5`. */
const sections = /§ (\d[\d.–-]*(?:(?:, (?:§ )?| and )\d[\d.–-]*)*)|(Annex [A-Z][\d.]*)/g;

/** The sections that a line names, each under the document before it. */
export function referencesIn(line: string): Omit<Reference, 'file'>[] {
  const found = [...line.matchAll(mention)];
  return found.flatMap(({ 0: text, index }, at) => {
    const standard = called.find((one) => one.text === text)?.name ?? text;
    const behind = line.slice(index + text.length, found[at + 1]?.index);
    const named = [...behind.matchAll(sections)].flatMap(([, numbers, annex = '']) => numbers?.split(/, (?:§ )?| and /) ?? [annex]);
    return (named.length === 0 ? [''] : named).map((section) => ({ standard, section: section.replace(/[.–-]$/, '') }));
  });
}
