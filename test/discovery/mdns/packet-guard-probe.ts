/** Messages as they go over the wire, made by hand: the decoder's own encoder would not write some of them. */
interface Counts {
  readonly questions?: number;
  readonly answers?: number;
  readonly flags?: number;
}

export function message(body: Buffer, { questions = 0, answers = 0, flags = 0x8400 }: Counts): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(questions, 4);
  header.writeUInt16BE(answers, 6);
  return Buffer.concat([header, body]);
}

export function name(text: string): Buffer {
  return Buffer.concat([...text.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.from([0])]);
}

/** A PTR record; every part but its names is the same. */
export function pointer(from: string, to: string, ttl = 4500): Buffer {
  const data = name(to);
  const middle = Buffer.alloc(10);
  middle.writeUInt16BE(12, 0);
  middle.writeUInt16BE(1, 2);
  middle.writeUInt32BE(ttl, 4);
  middle.writeUInt16BE(data.length, 8);
  return Buffer.concat([name(from), middle, data]);
}

/** A response with so many equal answers. */
export function response(answers: number): Buffer {
  const records = Array.from({ length: answers }, () => pointer('_ipp._tcp.local', 'Office._ipp._tcp.local'));
  return message(Buffer.concat(records), { answers });
}

/** A record whose data is a chain in which each pointer leads to the one before it. */
export function chain(pointers: number): Buffer {
  const head = Buffer.from([0, 0, 10, 0, 1, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(2 * pointers, 9);
  const links = Buffer.alloc(2 * pointers);
  for (let at = 0; at < pointers; at += 1) links.writeUInt16BE(0xc000 | (at === 0 ? 12 : 23 + 2 * (at - 1)), 2 * at);
  return message(Buffer.concat([head, links]), { answers: 1 });
}
