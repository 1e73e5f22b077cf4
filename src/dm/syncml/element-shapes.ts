import type { AnyElement, ListElement, RecordElement, TextRule } from './elements.js';
import { tagCount, tagOf } from './wbxml/code-pages.js';

/** The element table prepared for a decoder: one shape per element, children by name and by WBXML tag. */
export type Shape = TextShape | FlagShape | PayloadShape | RecordShape;

export interface TextShape {
  readonly model: 'text';
  readonly name: string;
  readonly tag: number;
  readonly rule: TextRule;
}
export interface FlagShape {
  readonly model: 'flag';
  readonly name: string;
  readonly tag: number;
}
export interface PayloadShape {
  readonly model: 'payload';
  readonly name: string;
  readonly tag: number;
}
export interface RecordShape {
  readonly model: 'record';
  readonly name: string;
  readonly tag: number;
  readonly children: ReadonlyMap<string, ChildShape>;
  /** The children by their `tag`. */
  readonly byTag: readonly (ChildShape | undefined)[];
  /** The `bit`s of the children that must be there. */
  readonly required: number;
  /** Whether it holds commands besides its other children. */
  readonly list: boolean;
}

/** An element in its parent. */
export interface ChildShape {
  readonly shape: Shape;
  /** `command`: as often as it comes, in the parent's list. */
  readonly occurs: 'once' | 'many' | 'command';
  /** Marks the child among those of its parent that were seen; 0 for commands. */
  readonly bit: number;
}

/** Prepares an element and everything below it. */
export function shapeOf(root: AnyElement): Shape {
  const known = new Map<AnyElement, Shape>();
  return prepare(root, known);
}

function prepare(element: AnyElement, known: Map<AnyElement, Shape>): Shape {
  const shape = known.get(element);
  if (shape !== undefined) return shape;
  if (element.model === 'record' || element.model === 'list') return prepareRecord(element, known);
  const { name } = element;
  const tag = tagOf(element);
  const leaf: Shape = element.model === 'text' ? { model: 'text', name, tag, rule: element.rule } : { model: element.model, name, tag };
  known.set(element, leaf);
  return leaf;
}

function prepareRecord(element: RecordElement | ListElement, known: Map<AnyElement, Shape>): RecordShape {
  const slots = Object.values(element.model === 'list' ? { ...element.slots, ...element.trailer } : element.slots);
  const children = new Map<string, ChildShape>();
  const byTag = new Array<ChildShape | undefined>(tagCount).fill(undefined);
  const required = slots.reduce((bits, slot, index) => (slot.occurs === 'one' ? bits | (1 << index) : bits), 0);
  const tag = tagOf(element);
  const shape: RecordShape = { model: 'record', name: element.name, tag, children, byTag, required, list: element.model === 'list' };
  // Before its children: Atomic and Sequence hold one another.
  known.set(element, shape);
  for (const [index, slot] of slots.entries()) {
    const occurs = slot.occurs === 'many' ? 'many' : 'once';
    children.set(slot.element.name, { shape: prepare(slot.element, known), occurs, bit: 1 << index });
  }
  for (const member of element.model === 'list' ? element.members() : []) {
    children.set(member.name, { shape: prepare(member, known), occurs: 'command', bit: 0 });
  }
  for (const child of children.values()) byTag[child.shape.tag] = child;
  return shape;
}
