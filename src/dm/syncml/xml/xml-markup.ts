import { syncmlNamespaces } from '../elements.js';
import { trimmed } from './xml-characters.js';
import { escapeXmlAttribute } from './xml-escape.js';
import type { NamespaceScope } from './xml-namespaces.js';
import type { XmlScanner } from './xml-scanner.js';

/** Where an unprefixed element is at home in every message that we write, so that it need not be said. */
const everywhere: ReadonlySet<string | undefined> = new Set([undefined, ...Object.values(syncmlNamespaces)]);

/**
 * Reads the elements inside Data, from the first start tag to the last end tag, as they are written. What they need of the
 * namespaces declared outside is declared on them, so that they mean the same in any message. Stops at Data's own end tag.
 * @throws PosternError `syncml.*`
 */
export function readMarkup(scanner: XmlScanner, scope: NamespaceScope): string {
  const reader = new MarkupReader(scanner, scope);
  do reader.element();
  while (reader.hasSibling());
  return reader.text();
}

/** The index of its start tag, and the namespace declarations before it. */
interface OpenElement {
  readonly tag: number;
  readonly mark: number;
}

class MarkupReader {
  readonly #base: number;
  #written = '';
  #from: number;
  #end = 0;
  /** Just after the name of the outermost element: where declarations go. */
  #gap = 0;
  readonly #carried = new Map<string, string>();

  constructor(
    readonly scanner: XmlScanner,
    readonly scope: NamespaceScope,
  ) {
    this.#base = scope.mark();
    this.#from = scanner.at;
  }

  element(): void {
    const scanner = this.scanner;
    const open: OpenElement[] = [];
    this.#gap = 0;
    do {
      if (scanner.atClose()) this.#close(open.pop());
      else {
        const mark = this.#open();
        if (scanner.selfClosed) this.scope.rewind(mark);
        else open.push({ tag: scanner.tag, mark });
      }
      this.#end = scanner.at;
    } while (open.length > 0 && this.#skipText());
    this.#writeDeclarations();
  }

  hasSibling(): boolean {
    if (trimmed(this.scanner.content()) !== '') this.scanner.fail('syncml.unexpected-text', { parent: 'Data' });
    return !this.scanner.atClose();
  }

  text(): string {
    const markup = this.#written + this.scanner.text.slice(this.#from, this.#end);
    this.scanner.boundText(markup.length);
    return markup;
  }

  /** Passes over text inside the markup, which is checked as everywhere. */
  #skipText(): true {
    this.scanner.content();
    return true;
  }

  #open(): number {
    const mark = this.scope.mark();
    this.scanner.open();
    if (this.#gap === 0) this.#gap = this.scanner.tagEnd;
    if (this.scanner.attributes.size > 0) this.#openAttributes();
    this.#use(this.scanner.prefix);
    return mark;
  }

  #openAttributes(): void {
    this.scope.declare(this.scanner.attributes);
    for (const name of this.scanner.attributes.keys()) {
      const prefix = prefixOf(name);
      if (prefix !== '' && prefix !== 'xmlns') this.#use(prefix);
    }
  }

  #close(element: OpenElement | undefined): void {
    if (element === undefined) this.scanner.malformed('an end tag has no start tag');
    this.scanner.close(element.tag);
    this.scope.rewind(element.mark);
  }

  /** Notes a prefix that the markup uses and does not declare itself. */
  #use(prefix: string): void {
    if (prefix === 'xml' || this.scope.isDeclaredSince(prefix, this.#base)) return;
    const uri = this.scope.find(prefix);
    if (prefix === '' && everywhere.has(uri)) return;
    if (uri === undefined || (uri === '' && prefix !== '')) this.scanner.malformed(`the namespace prefix ${prefix} is not declared`);
    this.#carried.set(prefix, uri);
  }

  #writeDeclarations(): void {
    if (this.#carried.size === 0) return;
    this.#written += this.scanner.text.slice(this.#from, this.#gap);
    for (const [prefix, uri] of this.#carried) {
      const declaration = ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeXmlAttribute(uri)}"`;
      // One long namespace, declared once and used by every Item, would otherwise multiply the message.
      this.scanner.boundText(this.scope.carry(declaration.length));
      this.#written += declaration;
    }
    this.#from = this.#gap;
    this.#carried.clear();
  }
}

function prefixOf(qualifiedName: string): string {
  const colon = qualifiedName.indexOf(':');
  return colon < 0 ? '' : qualifiedName.slice(0, colon);
}
