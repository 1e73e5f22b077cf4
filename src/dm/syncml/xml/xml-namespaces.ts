import type { Attributes } from './xml-scanner.js';

interface Binding {
  readonly uri: string;
  /** How many declarations were in force when it was made. */
  readonly order: number;
}

/** The namespace declarations in force, by prefix; '' is the default namespace. */
export class NamespaceScope {
  readonly #bindings = new Map<string, Binding | undefined>();
  readonly #undo: { readonly prefix: string; readonly before: Binding | undefined }[] = [];
  #carried = 0;

  /** Marks the present state, to `rewind` to and to tell declarations before it from those after. */
  mark(): number {
    return this.#undo.length;
  }

  /** Takes up the declarations among the attributes of an element. */
  declare(attributes: Attributes): void {
    for (const [name, uri] of attributes) {
      if (name === 'xmlns') this.#bind('', uri);
      else if (name.startsWith('xmlns:')) this.#bind(name.slice('xmlns:'.length), uri);
    }
  }

  rewind(mark: number): void {
    while (this.#undo.length > mark) {
      const last = this.#undo.pop();
      if (last !== undefined) this.#bindings.set(last.prefix, last.before);
    }
  }

  /** What a prefix stands for, or undefined. */
  find(prefix: string): string | undefined {
    return this.#bindings.get(prefix)?.uri;
  }

  /** Whether a prefix is bound by a declaration that was made after the mark. */
  isDeclaredSince(prefix: string, mark: number): boolean {
    return (this.#bindings.get(prefix)?.order ?? -1) >= mark;
  }

  /** Counts characters of declarations that are copied into markup; returns how many the whole message has by now. */
  carry(length: number): number {
    this.#carried += length;
    return this.#carried;
  }

  #bind(prefix: string, uri: string): void {
    this.#undo.push({ prefix, before: this.#bindings.get(prefix) });
    this.#bindings.set(prefix, { uri, order: this.#undo.length - 1 });
  }
}
