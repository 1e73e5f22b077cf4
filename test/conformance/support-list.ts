import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const roles = ['gateway', 'client', 'server', 'agent', 'card', 'authorities', 'customer-care', 'scheduling', 'none'] as const;
const sentence = z.string().min(1);
const tests = z.array(sentence).min(1);
const role = z.enum(roles);

const support = z.discriminatedUnion('says', [
  z.strictObject({ says: z.literal('yes'), role, tests }),
  z.strictObject({ says: z.literal('partial'), role, tests, missing: sentence }),
  z.strictObject({ says: z.literal('no'), role, why: sentence }),
]);
const supportList = z.record(z.string(), support);
const requirementList = z.record(z.string(), z.strictObject({ title: sentence, requirements: z.record(z.string(), sentence) }));

/** What Postern does about one requirement. */
export type Support = z.infer<typeof support>;

/** One of the five documents. */
export interface RequirementDocument {
  readonly key: string;
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

export interface Requirement {
  /** With the document's key: `DM20:DM-HLF-008`. */
  readonly id: string;
  /** What it asks for, in our own words. */
  readonly title: string;
}

/** Reads requirements.yaml, documents and requirements in the file's order. */
export async function readRequirements(): Promise<RequirementDocument[]> {
  const documents = requirementList.parse(await readYaml('requirements.yaml'));
  return Object.entries(documents).map(([key, { title, requirements }]) => ({
    key,
    title,
    requirements: Object.entries(requirements).map(([number, text]) => ({ id: `${key}:${number}`, title: text })),
  }));
}

/** Reads support.yaml; a repeated id is refused. */
export async function readSupport(): Promise<Map<string, Support>> {
  return new Map(Object.entries(supportList.parse(await readYaml('support.yaml'))));
}

async function readYaml(name: string): Promise<unknown> {
  return parse(await readFile(new URL(name, import.meta.url), 'utf8'), { uniqueKeys: true });
}
