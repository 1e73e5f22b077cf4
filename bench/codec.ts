import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';
import { defaultDecodeLimits, xmlCodec } from '#src/dm/syncml/index.js';
import { type Benchmark, compare } from './benchmark.js';

/** Many short rounds: what else runs on the machine for a moment then spoils few of them. */
const duration = { rounds: 31, seconds: 5 };
const decodeGoal = 2;

/** Bytes to validated message, and back. */
export const benchmarks: Benchmark[] = [decode('4k'), decode('200k'), encode('4k'), encode('200k')];

/** Against saxes, which builds a plain tree of the same bytes and validates nothing. */
function decode(size: string): Benchmark {
  return {
    name: `codec.xml.decode.${size}`,
    async run() {
      const bytes = sample(size);
      const { ours, theirs, ratio } = compare(
        () => xmlCodec.decode(bytes, defaultDecodeLimits),
        () => plainTree(bytes),
        duration,
      );
      return { value: ours, unit: 'ms', against: theirs, ratio, goal: decodeGoal };
    },
  };
}

/** Against JSON.stringify of the same message, native code and therefore out of reach: a yardstick without a goal. */
function encode(size: string): Benchmark {
  return {
    name: `codec.xml.encode.${size}`,
    async run() {
      const message = xmlCodec.decode(sample(size), defaultDecodeLimits);
      const { ours, theirs, ratio } = compare(
        () => xmlCodec.encode(message),
        () => Buffer.from(JSON.stringify(message)),
        duration,
      );
      return { value: ours, unit: 'ms', against: theirs, ratio };
    },
  };
}

function sample(size: string): Buffer {
  return readFileSync(new URL(`message-${size}.xml`, import.meta.url));
}

interface PlainElement {
  readonly name: string;
  readonly attributes: unknown;
  readonly children: PlainElement[];
  text: string;
}

function plainTree(bytes: Buffer): PlainElement {
  const root: PlainElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: PlainElement = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const parent = open.at(-1);
    if (parent !== undefined) parent.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(bytes.toString('utf8')).close();
  return root;
}
