import type { Item, NodeCommand } from '#src/dm/syncml/index.js';
import type { Demand } from './rights.js';

/**
 * What one Item of a command demands. What is asked of a node by `?prop=` is done to the node; a list, a Delete, a Copy
 * and whatever a serialised tree writes are about everything below.
 *
 * @param written the nodes that a serialised tree in the Item writes; none where it holds a value
 * @see OMA DM TND 1.2 § 7.7 (properties), § 7.7.1 (what each command needs); RepPro 1.2 § 6.5
 */
export function demandsOf(command: NodeCommand, item: Item, written: readonly string[] = []): readonly Demand[] {
  const uri = item.Target?.LocURI ?? '';
  switch (command.name) {
    case 'Get':
      return [{ command: 'Get', uri, whole: isAboutSubtree(uri) }];
    case 'Exec':
      return [{ command: 'Exec', uri }];
    case 'Delete':
      return [{ command: 'Delete', uri, whole: true }];
    case 'Copy':
      return [{ command: 'Get', uri: item.Source?.LocURI ?? '', whole: true }, ...writes(uri)];
    case 'Add':
    case 'Replace':
      return [...change(command.name, uri, item), ...written.map((node) => ({ command: command.name, uri: node, whole: true }))];
  }
}

/** Any question but the one for a property is taken for one about everything below. */
function isAboutSubtree(uri: string): boolean {
  const question = uri.split(/\?|%3F/i).slice(1);
  return question.length > 0 && !question.every((query) => /^prop=\w+$/.test(query));
}

function change(command: 'Add' | 'Replace', uri: string, item: Item): readonly Demand[] {
  if (command === 'Replace' && /prop=Name/i.test(uri)) return rename(uri, item);
  return [{ command, uri, whole: isAboutSubtree(uri) }];
}

/** A node that gets another name takes everything below to a place where other rules may stand. */
function rename(uri: string, { Data }: Item): readonly Demand[] {
  const node = uri.split(/\?|%3F/i)[0] ?? '';
  return [{ command: 'Replace', uri: node, whole: true }, ...writes(`${node}/../${typeof Data === 'string' ? Data : ''}`)];
}

function writes(uri: string): readonly Demand[] {
  return [
    { command: 'Add', uri, whole: true },
    { command: 'Replace', uri, whole: true },
  ];
}
