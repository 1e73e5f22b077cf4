/**
 * Lays out rows for a person: columns as wide as their widest cell, two spaces between.
 * What would steer a terminal is made visible: cells can come from a device.
 */
export function formatTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return 'nothing\n';
  return formatRows([headings, ...rows]);
}

/** A value in a table; absent ones show as `-`. */
export type Cell = string | number | boolean | undefined;

/** Lays out names and values, one pair a line. */
export function formatRecord(pairs: readonly (readonly [string, Cell])[]): string {
  return formatRows(pairs);
}

function formatRows(rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((row) => row.map(formatCell));
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function formatCell(cell: Cell): string {
  if (cell === undefined || cell === '') return '-';
  return visible(String(cell));
}

/** Control, format and line-separating characters as their code points. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - widthOf(cell));
}

function widthOf(cell: string): number {
  return [...cell].length;
}
