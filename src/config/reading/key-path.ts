/** The way to a value in the file. */
export type KeyPath = readonly (string | number)[];

/** `devices[0].accounts[0].address`; the first entry of a list is 0. */
export function formatKey(path: KeyPath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** What stands at a path of parsed data; undefined: nothing. */
export function valueAt(data: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((value, part) => (isContainer(value) && Object.hasOwn(value, part) ? value[part] : undefined), data);
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
