/** Who a device says that it is. @see TR-069 Annex F */
export interface DeviceIdentity {
  /** Six hexadecimal digits. */
  readonly oui: string;
  readonly serial: string;
  readonly productClass?: string | undefined;
}

/** The Broadband Forum. */
const enterprise = 3561;
const subOptions = { oui: 1, serial: 2, productClass: 3 };
const longestText = 64;
/** Option 125 may be divided over several; this is more than a DHCP message takes. @see RFC 3396 */
const mostBytes = 1024;

/**
 * Reads the identity out of the data of DHCP option 125 as a device sends it (sub-options 1, 2 and 3 of enterprise 3561); undefined
 * where there is none, or where anything in it is not as it should be.
 * @see RFC 3925 § 4; TR-069 Annex F.2.5
 */
export function decodeDeviceIdentity(data: Uint8Array): DeviceIdentity | undefined {
  const ours = data.length > mostBytes ? undefined : enterpriseData(data);
  const fields = ours && fieldsOf(ours);
  if (fields === undefined) return undefined;
  const [oui, serial, productClass] = [subOptions.oui, subOptions.serial, subOptions.productClass].map((code) => textOf(fields.get(code)));
  if (fields.has(subOptions.productClass) && productClass === undefined) return undefined;
  if (oui === undefined || serial === undefined || !/^[0-9A-Fa-f]{6}$/.test(oui)) return undefined;
  return { oui, serial, ...(productClass === undefined ? {} : { productClass }) };
}

/** The part of our enterprise; others may stand before and after it. */
function enterpriseData(data: Uint8Array): Uint8Array | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const parts = new Map<number, Uint8Array>();
  for (let at = 0; at < data.length; ) {
    if (at + 5 > data.length) return undefined;
    const [number, end] = [view.getUint32(at), at + 5 + view.getUint8(at + 4)];
    if (end > data.length || parts.has(number)) return undefined;
    parts.set(number, data.subarray(at + 5, end));
    at = end;
  }
  return parts.get(enterprise);
}

function fieldsOf(data: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const fields = new Map<number, Uint8Array>();
  for (let at = 0; at < data.length; ) {
    const [code, length] = [data[at], data[at + 1]];
    if (code === undefined || length === undefined || at + 2 + length > data.length || fields.has(code)) return undefined;
    fields.set(code, data.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return fields;
}

/** Printable ASCII. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 0 || bytes.length > longestText) return undefined;
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? Buffer.from(bytes).toString('latin1') : undefined;
}
