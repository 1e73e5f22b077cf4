import type { XmlScanner } from './xml-scanner.js';

const declarationNames: ReadonlySet<string> = new Set(['version', 'encoding', 'standalone']);

/**
 * Reads what may stand before the root and stops at its tag. A document type that names no more than an external id is
 * skipped, and never fetched: old servers send one. Returns the declared encoding.
 * @throws PosternError `syncml.*`
 */
export function readProlog(scanner: XmlScanner): { readonly encoding?: string } {
  if (scanner.unit(0) === 0xfeff) scanner.at = 1;
  const encoding = readDeclaration(scanner);
  scanner.skipMisc();
  if (scanner.text.startsWith('<!DOCTYPE', scanner.at)) {
    skipDocumentType(scanner);
    scanner.skipMisc();
  }
  if (/^<[!?]/.test(scanner.text.slice(scanner.at, scanner.at + 2))) scanner.refuseMarkup();
  if (scanner.unit(scanner.at) !== 0x3c) scanner.malformed('the root element is expected');
  return encoding === undefined ? {} : { encoding };
}

function readDeclaration(scanner: XmlScanner): string | undefined {
  if (!/^<\?xml[ \t\r\n]/.test(scanner.text.slice(scanner.at, scanner.at + 6))) return undefined;
  scanner.at += '<?xml'.length;
  const found = scanner.readAttributes();
  const strange = [...found.keys()].some((name) => !declarationNames.has(name));
  if (strange || !/^1\.[0-9]+$/.test(found.get('version') ?? '')) scanner.malformed('the XML declaration is not one');
  scanner.expect('?>');
  return found.get('encoding');
}

function skipDocumentType(scanner: XmlScanner): void {
  scanner.at += '<!DOCTYPE'.length;
  scanner.skipSpace();
  scanner.readName();
  scanner.skipSpace();
  const keyword = scanner.text.slice(scanner.at, scanner.at + 'SYSTEM'.length);
  if (keyword === 'SYSTEM' || keyword === 'PUBLIC') scanner.at += keyword.length;
  for (let literals = 0; literals < 2; literals++) {
    scanner.skipSpace();
    const mark = scanner.text.charAt(scanner.at);
    if (mark !== '"' && mark !== "'") break;
    scanner.at = scanner.find(mark, scanner.at + 1) + 1;
  }
  if (scanner.text.charAt(scanner.at) === '[') scanner.fail('syncml.forbidden-markup', { what: 'A document type with an internal subset' });
  scanner.expect('>');
}
