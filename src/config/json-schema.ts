import { z } from 'zod';
import { aboutOf, kindOf } from './values/setting.js';

/** The JSON Schema (2020-12) of a file, for editors. It says less than the loader checks: bounds of durations, files, checks across keys. */
export function toJsonSchema(schema: z.ZodType, title: string): Record<string, unknown> {
  const generated = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const description = zodSchema instanceof z.ZodType ? descriptionOf(zodSchema) : '';
      if (description !== '') jsonSchema.description = description;
    },
  });
  return { ...generated, title };
}

function descriptionOf(schema: z.ZodType): string {
  const allowed = kindOf(schema)?.allowed;
  return [aboutOf(schema)?.description, allowed && `Allowed: ${allowed}.`].filter(Boolean).join(' ');
}
