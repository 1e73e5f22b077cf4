import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

const require = createRequire(import.meta.url);

/** The YAML library, loaded when a file is there to read: a gateway on its defaults saves its 7 MiB. */
export function yamlLibrary(): typeof Yaml {
  return require('yaml') as typeof Yaml;
}

/** Writes plain data as YAML. */
export function formatYaml(data: unknown): string {
  return yamlLibrary().stringify(data, { lineWidth: 0 });
}
