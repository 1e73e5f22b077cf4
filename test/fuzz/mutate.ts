import type { Grammar, Span } from './grammar.js';
import { oneOf, type Random } from './random.js';

/** A larger input tells nothing new, and costs time. */
const mostBytes = 16_384;
const mostEdits = 5;
const mostCopies = 40;
const longestCut = 16;
const edgeBytes = [0x00, 0x01, 0x1f, 0x20, 0x7f, 0x80, 0xc0, 0xf0, 0xfe, 0xff];

interface Edit extends Span {
  readonly put: Buffer;
}

/** Makes inputs of a grammar: a seed in which some of its parts, or some bytes, are others. */
export function mutator(grammar: Grammar): (random: Random) => Buffer {
  const seeds = grammar.seeds.map((bytes) => ({ bytes, spans: grammar.spansOf(bytes) }));
  const somePart = (random: Random): Buffer => {
    const { bytes, spans } = oneOf(random, seeds);
    const { start, end } = spans.length === 0 ? { start: 0, end: bytes.length } : oneOf(random, spans);
    return bytes.subarray(start, end);
  };
  return (random) => {
    const { bytes, spans } = oneOf(random, seeds);
    const edits = Array.from({ length: 1 + random(mostEdits) }, () => {
      return random(3) === 0 || spans.length === 0
        ? editOfBytes(random, bytes, grammar)
        : editOfPart(random, bytes, spans, somePart, grammar);
    });
    const whole = applied(bytes, edits);
    const length = random(12) === 0 ? random(whole.length + 1) : Math.min(whole.length, mostBytes);
    return whole.subarray(0, length);
  };
}

function editOfPart(random: Random, bytes: Buffer, spans: readonly Span[], somePart: (random: Random) => Buffer, grammar: Grammar): Edit {
  const span = oneOf(random, spans);
  const part = bytes.subarray(span.start, span.end);
  switch (random(6)) {
    case 0:
      return { ...span, put: Buffer.alloc(0) };
    case 1:
      return { ...span, put: Buffer.concat(Array.from({ length: 2 + random(mostCopies) }, () => part)).subarray(0, mostBytes) };
    case 2:
      return { ...span, put: somePart(random) };
    case 3:
      return { start: span.start, end: span.start, put: somePart(random) };
    case 4:
      return { start: span.end, end: span.end, put: oneOf(random, grammar.pieces) };
    default:
      return { ...span, put: oneOf(random, grammar.pieces) };
  }
}

function editOfBytes(random: Random, bytes: Buffer, { pieces }: Grammar): Edit {
  const start = random(bytes.length);
  const end = Math.min(bytes.length, start + 1 + random(longestCut));
  switch (random(5)) {
    case 0:
      return { start, end: start + 1, put: Buffer.of((bytes[start] ?? 0) ^ (1 << random(8))) };
    case 1:
      return { start, end: start + 1, put: Buffer.of(oneOf(random, edgeBytes)) };
    case 2:
      return { start, end, put: Buffer.alloc(0) };
    case 3:
      return { start, end: start, put: Buffer.from(Array.from({ length: 1 + random(4) }, () => random(256))) };
    default:
      return { start, end: start, put: oneOf(random, pieces) };
  }
}

/** Of edits that overlap, the first counts. */
function applied(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { start, end, put } of edits.toSorted((one, other) => one.start - other.start)) {
    if (start < done) continue;
    parts.push(bytes.subarray(done, start), put);
    done = end;
  }
  return Buffer.concat([...parts, bytes.subarray(done)]);
}
