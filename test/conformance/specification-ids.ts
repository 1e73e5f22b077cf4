import { readFile } from 'node:fs/promises';

/** How the five texts number their requirements: by label, by section and item, or by section and table row. */
const texts: Readonly<Record<string, { readonly file: string; readonly read: (lines: readonly string[]) => string[] }>> = {
  CP: { file: '1-client-provisioning-RD.txt', read: tableRows },
  SCH: { file: '2-dm-scheduling-CR-to-DM-RD.txt', read: numberedItems },
  SC: { file: '3-dm-smart-card-RD.txt', read: labels },
  DM10: { file: '4-device-management-RD-1.0.txt', read: numberedItems },
  DM20: { file: '5-device-management-RD-2.0.txt', read: labels },
};

/** Every requirement id that the texts in a folder contain, with the document's key, in the text's order. */
export async function idsInTexts(folder: URL): Promise<string[]> {
  const documents = Object.entries(texts).map(async ([key, { file, read }]) => {
    const text = await readFile(new URL(file, folder), 'utf8');
    return read(requirementLines(text)).map((number) => `${key}:${number}`);
  });
  return (await Promise.all(documents)).flat();
}

/** From the last heading "6. Requirements" to section 7 or an appendix; a table of contents comes earlier. */
function requirementLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const start = lines.findLastIndex((line) => /^\W*6\.? +Requirements(\W+Normative)?\W*$/i.test(line));
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\W*(7\. Resources|Appendix )/.test(line));
  return end === -1 ? rest : rest.slice(0, end);
}

function labels(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.match(/^\tDM-(?:HLF|SEC|SC-[A-Z]+)-\d+$/)?.[0].trim() ?? []);
}

/** Several items can share a line: a number counts at the start of the line or after a sentence. */
function numberedItems(lines: readonly string[]): string[] {
  return bySection(lines, (line) => [...line.matchAll(/(?:^\W*|\. )(\d{1,2})\.? +(?=[A-Z])/g)].map((match) => Number(match[1])));
}

/** A row's first cell is an empty label; the text stands in the second. */
function tableRows(lines: readonly string[]): string[] {
  let row = 0;
  return bySection(lines, (line, isNew) => {
    if (isNew) row = 0;
    return isRow(line) ? [++row] : [];
  });
}

function isRow(line: string): boolean {
  return /^\t\s*\S/.test(line) && !/^\t(Label|Description|Enabler Release)$/.test(line);
}

function bySection(lines: readonly string[], read: (line: string, isNew: boolean) => number[]): string[] {
  let section = '';
  return lines.flatMap((line) => {
    const heading = /^\W*(6(?:\.\d+)+)\s+\**[A-Z]/.exec(line)?.[1];
    section = heading ?? section;
    return read(line, heading !== undefined).map((number) => `${section}-${number}`);
  });
}
