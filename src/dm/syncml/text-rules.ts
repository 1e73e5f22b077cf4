import { isPosternError, PosternError } from '#src/base/index.js';
import type { TextRule } from './elements.js';
import { trimmed } from './xml/xml-characters.js';

/** The longest MsgID, CmdID or size, and the longest SessionID, in characters. */
const longest = { number: 10, session: 64 };
/** How much of a wrong value an error shows. */
const shown = 32;

/**
 * The value that a text stands for under its rule.
 * @throws PosternError `syncml.invalid-value`
 */
export function applyRule(rule: TextRule, text: string, element: string): string {
  if (rule === 'verbatim') return text;
  const value = trimmed(text);
  if (rule === 'token') return value;
  const complaint = rule === 'session' ? complainOfSession(value) : complainOfNumber(value, rule);
  if (complaint === undefined) return value;
  throw new PosternError('syncml.invalid-value', { element, value: JSON.stringify(value.slice(0, shown)), what: complaint });
}

/** Lets a wrong value say at which byte of the message the reader was; every other error says so itself. */
export function withPlace<T>(read: () => T, place: () => number): T {
  try {
    return read();
  } catch (error) {
    if (!isPosternError(error, 'syncml.invalid-value') || 'at' in error.details) throw error;
    throw new PosternError(error.code, { ...error.details, at: place() }, { cause: error });
  }
}

function complainOfNumber(value: string, rule: 'number' | 'ordinal'): string | undefined {
  if (value.length === 0 || value.length > longest.number) return `a number has 1 to ${longest.number} digits`;
  let positive = false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return 'a decimal number is expected';
    positive ||= code !== 0x30;
  }
  return positive || rule === 'number' ? undefined : 'a number from 1 is expected';
}

function complainOfSession(value: string): string | undefined {
  if (value.length === 0 || value.length > longest.session) return `1 to ${longest.session} characters are expected`;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 'a control character stands in it';
  }
  return undefined;
}
