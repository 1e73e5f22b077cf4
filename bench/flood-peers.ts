/** Devices that the gateway knows and that behave badly. */
export const abusers = 75;

/** The DevId of one of them; its user name is `device<number>`. */
export function abuserAt(at: number): string {
  return `urn:imei:99015420${String(at).padStart(7, '0')}`;
}
