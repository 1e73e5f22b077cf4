import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whyNoPrograms } from './debian.js';

/** Why Debian's converters of libwbxml, the implementation that phones and gateways have used for years, are not there. */
export function whyNoLibwbxml(): string | undefined {
  return whyNoPrograms(['xml2wbxml', 'wbxml2xml'], ['libwbxml2-utils']);
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
