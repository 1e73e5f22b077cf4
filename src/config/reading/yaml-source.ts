import type * as Yaml from 'yaml';
import type { ConfigurationProblem } from './configuration-error.js';
import { formatKey, type KeyPath } from './key-path.js';
import { yamlLibrary } from './yaml-library.js';
import { mostAliases, offsetFinder, structureMistakes } from './yaml-structure.js';

/** What is wrong at a key. */
export interface Finding {
  readonly path: KeyPath;
  readonly found: string;
  readonly allowed: string;
  /** Where a sentence made of key, found and allowed would not read well. */
  readonly message?: string;
}

/** A parsed file that knows on which line each key stands. */
export interface YamlSource {
  readonly file: string;
  /** Plain data; undefined when the file could not be made sense of. */
  readonly data: unknown;
  /** Mistakes in the syntax, keys written twice and abuse of aliases. */
  readonly problems: readonly ConfigurationProblem[];
  /** Gives a finding its place and its sentence. */
  problem(finding: Finding): ConfigurationProblem;
}

/** The library's codes in words that quote nothing of the file, for it may hold passwords. */
const syntaxMistakes: Partial<Record<Yaml.ErrorCode, string>> = {
  BAD_ALIAS: 'an alias or an anchor with a wrong name',
  BAD_DQ_ESCAPE: 'an unknown \\ escape in double quotes',
  BAD_INDENT: 'a wrong indentation',
  BAD_SCALAR_START: 'a text that begins with a character that needs quotes around it',
  BLOCK_AS_IMPLICIT_KEY: 'a value where a key was expected',
  MISSING_CHAR: 'a missing character, such as a colon, a comma, a bracket or a closing quote',
  MULTILINE_IMPLICIT_KEY: 'a key on several lines, or a missing colon',
  MULTIPLE_DOCS: 'more than one document',
  TAB_AS_INDENT: 'a tab as indentation',
  TAG_RESOLVE_FAILED: 'an unknown tag',
  RESOURCE_EXHAUSTION: 'maps or lists nested too deeply',
};

/** A source without a file: everything has its default. */
export const emptySource: YamlSource = {
  file: '(defaults)',
  data: {},
  problems: [],
  problem: (finding) => toProblem('(defaults)', 0, finding),
};

/** Parses YAML 1.2. Mistakes are collected, never thrown. */
export function parseYaml(file: string, text: string): YamlSource {
  const { LineCounter, parseDocument } = yamlLibrary();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const at = (offset: number, finding: Finding) => toProblem(file, lines.linePos(offset).line, finding);
  const offsetOf = offsetFinder(document);
  const problem = (finding: Finding) => at(offsetOf(finding.path), finding);

  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) return { file, data: undefined, problems: syntax.map((error) => at(error.pos[0], syntaxFinding(error))), problem };
  const problems = structureMistakes(document).map((mistake) => at(mistake.offset, mistake));
  const plain = plainData(document);
  const excess = plain === undefined && problems.length === 0 ? [at(0, tooManyAliases)] : [];
  return { file, problem, data: plain, problems: [...problems, ...excess] };
}

const tooManyAliases: Finding = { path: [], found: 'full of aliases', allowed: `aliases that stand for at most ${mostAliases} values` };

/** Undefined where aliases multiply beyond the bound or lead nowhere. */
function plainData(document: Yaml.Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases }) ?? {};
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function syntaxFinding(error: Yaml.YAMLError): Finding {
  const found = syntaxMistakes[error.code] ?? 'not valid YAML here';
  return { path: [], found, allowed: 'YAML 1.2', message: `found ${found}; allowed: YAML 1.2` };
}

function toProblem(file: string, line: number, finding: Finding): ConfigurationProblem {
  const { found, allowed } = finding;
  const key = formatKey(finding.path);
  const message = finding.message ?? `${key || 'the file'} is ${found}; allowed: ${allowed}`;
  return { file, line, key, found, allowed, message };
}
