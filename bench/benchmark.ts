/** One thing that is measured. */
export interface Benchmark {
  /** `room.what.which`, such as `codec.xml.decode.4k`. */
  readonly name: string;
  run(): Promise<Measurement>;
}

/** The median of several rounds in one run. */
export interface Measurement {
  readonly value: number;
  readonly unit: string;
  /** The yardstick, measured in the same run. */
  readonly against?: string;
  /** How many times better than the yardstick. */
  readonly ratio?: number;
  /** What `ratio`, or `value` where there is no yardstick, must reach; with `better: 'lower'` what `value` must not exceed. */
  readonly goal?: number;
  /** Absent: higher. */
  readonly better?: 'higher' | 'lower';
}
