/** The largest mDNS message, in bytes. @see RFC 6762 § 17 */
const mostBytes = 9_000;
/** Questions and records of all sections together; a host's whole list of services takes a third of it. */
const mostEntries = 128;
const headerBytes = 12;
/** A question is a name, a type and a class; a record has a time to live and a length besides. */
const leastBytes = { question: 5, record: 11 };
/** Compression leads to a label; data that only looks like it is rare, and chains of it are an attack on the decoder's time. */
const mostPointersToPointers = 64;
const pointerBits = 0xc0;

/** What speaks against a datagram for the decoder, which believes the counts in the header and follows every pointer; undefined: nothing. */
export function objectionTo(packet: Uint8Array): 'too-large' | 'malformed' | undefined {
  if (packet.length > mostBytes) return 'too-large';
  return isDecodable(packet) ? undefined : 'malformed';
}

function isDecodable(packet: Uint8Array): boolean {
  if (packet.length < headerBytes) return false;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => view.getUint16(at)) as [number, number, number, number];
  const records = answers + authorities + additionals;
  if (questions + records > mostEntries) return false;
  if (headerBytes + questions * leastBytes.question + records * leastBytes.record > packet.length) return false;
  return isMessage(view) && pointersToPointers(view) <= mostPointersToPointers;
}

/** Anything but a standard query or its answer is ignored. @see RFC 6762 § 18.3, § 18.11 */
function isMessage(view: DataView): boolean {
  return (view.getUint16(2) & 0x780f) === 0;
}

function pointersToPointers(view: DataView): number {
  let count = 0;
  for (let at = headerBytes; at + 1 < view.byteLength; at += 1) {
    if ((view.getUint8(at) & pointerBits) !== pointerBits) continue;
    const target = view.getUint16(at) & 0x3fff;
    if (target < at && (view.getUint8(target) & pointerBits) === pointerBits) count += 1;
  }
  return count;
}
