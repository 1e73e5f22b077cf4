import { readFileSync } from 'node:fs';
import { type Codec, defaultDecodeLimits, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';
import { type Benchmark, median } from './benchmark.js';

const rounds = 15;
/** Few enough that the young generation is not collected in between: what is allocated is then what the heap has grown by. */
const calls: Readonly<Record<string, number>> = { '4k': 20, '200k': 1 };
const codecs = [xmlCodec, wbxmlCodec];

/** Bytes that one message allocates, in the heap and beside it. */
export const benchmarks: readonly Benchmark[] = codecs.flatMap((codec) =>
  Object.keys(calls).flatMap((size) => [decoding(codec, size), encoding(codec, size)]),
);

function decoding(codec: Codec, size: string): Benchmark {
  return {
    name: `codec.${codec.encoding}.decode.${size}.allocated`,
    async run() {
      const bytes = codec === xmlCodec ? sample(size) : codec.encode(xmlCodec.decode(sample(size), defaultDecodeLimits));
      return { value: allocated(() => codec.decode(bytes, defaultDecodeLimits), calls[size] ?? 1), unit: 'KiB/message' };
    },
  };
}

function encoding(codec: Codec, size: string): Benchmark {
  return {
    name: `codec.${codec.encoding}.encode.${size}.allocated`,
    async run() {
      const message = xmlCodec.decode(sample(size), defaultDecodeLimits);
      return { value: allocated(() => codec.encode(message), calls[size] ?? 1), unit: 'KiB/message' };
    },
  };
}

/** KiB per call, the median of rounds that each begin with a collected heap. */
function allocated(run: () => unknown, times: number): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('allocation is measured with node --expose-gc, as `npm run bench` does');
  for (let call = 0; call < 200; call++) run();
  const grown = Array.from({ length: rounds }, () => {
    collect();
    const before = held();
    for (let call = 0; call < times; call++) run();
    return (held() - before) / times / 1024;
  });
  return median(grown);
}

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function sample(size: string): Buffer {
  return readFileSync(new URL(`message-${size}.xml`, import.meta.url));
}
