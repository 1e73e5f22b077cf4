/** A moment as node properties and inventories carry it: ISO 8601 basic, UTC, to the second. @see OMA DM TND 1.2 § 7.7.6 */
export function formatTimestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
