import { type RequirementDocument, readRequirements, readSupport, type Support } from '../../conformance/support-list.js';
import type { Generated } from '../generated.js';

/** The full table of requirements, and the README's row per document. */
export async function generated(): Promise<Generated[]> {
  const documents = await readRequirements();
  const support = await readSupport();
  return [
    { path: 'docs/reference/conformance.md', content: page(documents, support) },
    { path: 'README.md', block: 'support', content: summary(documents, support) },
  ];
}

type SupportList = ReadonlyMap<string, Support>;

function page(documents: readonly RequirementDocument[], support: SupportList): string {
  const intro = [
    '# What Postern meets of the five requirement documents',
    '',
    'Every requirement has a row: whether Postern meets it, in which of the documents’ roles, and the tests that prove it or why it does not.',
    'The role *none* marks what another element is to meet.',
    'Made from `test/conformance/support.yaml` by `npm run docs`; a claim without a test that names the requirement fails the tests.',
    '',
    summary(documents, support),
  ];
  return [...intro, ...documents.flatMap((document) => ['', ...section(document, support)]), ''].join('\n');
}

function section({ key, title, requirements }: RequirementDocument, support: SupportList): string[] {
  const rows = requirements.map(({ id, title: asks }) => row([`\`${id}\``, asks, ...answer(support.get(id))]));
  return [
    `## ${key}: ${title}`,
    '',
    row(['Requirement', 'In our words', 'Met', 'Role', 'Proof, or why not']),
    '|---|---|---|---|---|',
    ...rows,
  ];
}

function answer(entry: Support | undefined): string[] {
  if (entry === undefined) return ['?', '', 'missing from support.yaml'];
  return [entry.says, entry.role, reason(entry)];
}

function reason(entry: Support): string {
  if (entry.says === 'no') return entry.why;
  const proof = entry.tests.map((test) => `[${test.replace(/^test\//, '')}](../../${test})`).join(', ');
  return entry.says === 'partial' ? `${proof}; missing: ${entry.missing}` : proof;
}

function summary(documents: readonly RequirementDocument[], support: SupportList): string {
  const rows = documents.map(({ key, title, requirements }) => {
    const says = requirements.map(({ id }) => support.get(id)?.says);
    const counts = (['yes', 'partial', 'no'] as const).map((answer) => String(says.filter((said) => said === answer).length));
    return row([key, title, ...counts]);
  });
  return [row(['Key', 'Document', 'yes', 'partial', 'no']), '|---|---|--:|--:|--:|', ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
