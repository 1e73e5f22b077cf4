import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';
import { type Codec, defaultDecodeLimits, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';
import { type Benchmark, compare } from './benchmark.js';

/** Many short rounds: what else runs on the machine for a moment then spoils few of them. */
const duration = { rounds: 31, seconds: 5 };
/** How many times as fast as the yardstick a decoder has to be. */
const decodeGoals: Readonly<Record<Codec['encoding'], number>> = { xml: 2, wbxml: 3 };
const codecs = [xmlCodec, wbxmlCodec];
const sizes = ['4k', '200k'];

/** Bytes to validated message, and back. */
export const benchmarks: Benchmark[] = codecs.flatMap((codec) => [
  ...sizes.map((size) => decode(codec, size)),
  ...sizes.map((size) => encode(codec, size)),
]);

/** Against saxes, which builds a plain tree of the same message in XML and validates nothing. */
function decode(codec: Codec, size: string): Benchmark {
  return {
    name: `codec.${codec.encoding}.decode.${size}`,
    async run() {
      const xml = sample(size);
      // Our encoder's output, but for XML, which we have as somebody else wrote it.
      const bytes = codec === xmlCodec ? xml : codec.encode(xmlCodec.decode(xml, defaultDecodeLimits));
      const { ours, theirs, ratio } = compare(
        () => codec.decode(bytes, defaultDecodeLimits),
        () => plainTree(xml),
        duration,
      );
      return { value: ours, unit: 'ms', against: theirs, ratio, goal: decodeGoals[codec.encoding] };
    },
  };
}

/** Against JSON.stringify of the same message, native code and therefore out of reach: a yardstick without a goal. */
function encode(codec: Codec, size: string): Benchmark {
  return {
    name: `codec.${codec.encoding}.encode.${size}`,
    async run() {
      const message = xmlCodec.decode(sample(size), defaultDecodeLimits);
      const { ours, theirs, ratio } = compare(
        () => codec.encode(message),
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
