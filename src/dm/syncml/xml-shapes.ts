import type { AnyElement, ListElement, RecordElement, Slots, TextRule } from './elements.js';

/** The element table prepared for a decoder: one shape per element, children by name. */
export type Shape = TextShape | FlagShape | PayloadShape | RecordShape;

export interface TextShape {
  readonly model: 'text';
  readonly name: string;
  readonly rule: TextRule;
}
export interface FlagShape {
  readonly model: 'flag';
  readonly name: string;
}
export interface PayloadShape {
  readonly model: 'payload';
  readonly name: string;
}
export interface RecordShape {
  readonly model: 'record';
  readonly name: string;
  readonly children: ReadonlyMap<string, ChildShape>;
  readonly required: readonly string[];
  /** Whether it holds commands besides its other children. */
  readonly list: boolean;
}

/** An element in its parent. */
export interface ChildShape {
  readonly shape: Shape;
  /** `command`: as often as it comes, in the parent's list. */
  readonly occurs: 'once' | 'many' | 'command';
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
  const leaf: Shape =
    element.model === 'text' ? { model: 'text', name: element.name, rule: element.rule } : { model: element.model, name: element.name };
  known.set(element, leaf);
  return leaf;
}

function prepareRecord(element: RecordElement | ListElement, known: Map<AnyElement, Shape>): RecordShape {
  const slots: Slots = element.model === 'list' ? { ...element.slots, ...element.trailer } : element.slots;
  const children = new Map<string, ChildShape>();
  const required = Object.values(slots).flatMap((slot) => (slot.occurs === 'one' ? [slot.element.name] : []));
  const shape: RecordShape = { model: 'record', name: element.name, children, required, list: element.model === 'list' };
  // Before its children: Atomic and Sequence hold one another.
  known.set(element, shape);
  for (const slot of Object.values(slots)) {
    children.set(slot.element.name, { shape: prepare(slot.element, known), occurs: slot.occurs === 'many' ? 'many' : 'once' });
  }
  for (const member of element.model === 'list' ? element.members() : []) {
    children.set(member.name, { shape: prepare(member, known), occurs: 'command' });
  }
  return shape;
}
