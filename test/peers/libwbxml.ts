import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's package with the converters of libwbxml, the implementation that phones and gateways have used for years. */
const packageName = 'libwbxml2-utils';
const tools = ['xml2wbxml', 'wbxml2xml'];

/**
 * Why the converters are not there, or undefined: then they are. Who is root gets them installed; under CI=true it is a
 * failure that they are missing.
 */
export function whyNoLibwbxml(): string | undefined {
  if (!isInstalled() && process.getuid?.() === 0) install();
  if (isInstalled()) return undefined;
  const reason = `${tools.join(' and ')} are missing: apt-get install ${packageName}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}

/** XML to WBXML, many messages at once; undefined where it cannot. @param options of xml2wbxml */
export function xmlToWbxml(messages: readonly Uint8Array[], options: readonly string[] = []): (Buffer | undefined)[] {
  return convert(messages, `xml2wbxml -k ${options.join(' ')}`);
}

/** WBXML to XML, many messages at once; undefined where it cannot. */
export function wbxmlToXml(messages: readonly Uint8Array[]): (Buffer | undefined)[] {
  return convert(messages, 'wbxml2xml -k -m 0');
}

/** One shell for all files: starting a process for each from here is what takes the time. */
function convert(messages: readonly Uint8Array[], tool: string): (Buffer | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'libwbxml-'));
  try {
    for (const [at, message] of messages.entries()) writeFileSync(join(folder, `${at}.in`), message);
    const loop = `for i in $(seq 0 ${messages.length - 1}); do ${tool} -o $i.out $i.in || rm -f $i.out; done >/dev/null 2>&1`;
    execFileSync('sh', ['-c', loop], { cwd: folder });
    const written = new Set(readdirSync(folder));
    return messages.map((_, at) => (written.has(`${at}.out`) ? readFileSync(join(folder, `${at}.out`)) : undefined));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isInstalled(): boolean {
  return tools.every((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0);
}

function install(): void {
  const quiet = { stdio: 'ignore', timeout: 100_000 } as const;
  spawnSync('apt-get', ['update'], quiet);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', packageName], quiet);
}
