import { type ParseArgsConfig, parseArgs } from 'node:util';

type ScriptOptions = NonNullable<ParseArgsConfig['options']>;

/** Reads the options of `npm run SCRIPT -- …`; where one is not known, says which there are and leaves with 2. */
export function readOptions<const Options extends ScriptOptions>(script: string, options: Options, allowPositionals = false) {
  try {
    return parseArgs({ options, allowPositionals });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return misused(script, `${firstSentence(error.message)}; there are ${listed(options)}`);
  }
}

/** The value of an option that has to be a whole number. */
export function wholeNumber(script: string, name: string, text: string, least = 0): number {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least) return Number(text);
  return misused(script, `--${name} is a whole number from ${least} to 9999999999, not ${text}`);
}

/** Whoever started it has asked for what there is not. */
export function misused(script: string, what: string): never {
  process.stderr.write(`npm run ${script}: ${what}\n`);
  process.exit(2);
}

function firstSentence(text: string): string {
  return (text.split(/\. |\n/)[0] ?? text).replace(/\.$/, '');
}

function listed(options: ScriptOptions): string {
  return Object.entries(options)
    .map(([name, { type }]) => (type === 'boolean' ? `--${name}` : `--${name} …`))
    .join(', ');
}
