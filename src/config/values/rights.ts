import { z } from 'zod';
import { ofKind } from './setting.js';

/** A node by its full name, without a question, a closing slash or a way up. */
const nodeUri = /^\.(?:\/(?!\.{1,2}(?:\/|$))[^/?\p{Cc}]+)*$/u;
const mostRules = 256;

/** What an authority may do on a device: node URI → commands. */
export function rights() {
  const commands = z.array(z.enum(['Get', 'Replace', 'Add', 'Delete', 'Exec'])).max(5);
  const schema = z.record(z.string().max(1024).regex(nodeUri), commands).refine((rules) => Object.keys(rules).length <= mostRules);
  return ofKind(schema, {
    type: 'map of node URI to commands',
    allowed: `at most ${mostRules} lines such as ./DevInfo: [Get], each a node (. is the root) with some of Get, Replace, Add, Delete, Exec`,
  });
}
