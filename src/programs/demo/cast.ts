/** Who is in the play. */
export const operatorId = 'operator';
export const enterpriseId = 'enterprise';

/** A device of the play: its DevId, and what people call it. */
export interface Role {
  readonly id: string;
  readonly name: string;
}

/** In proxy mode, managed by both servers; it speaks XML. */
export const lamp: Role = { id: 'urn:imei:490154203237518', name: 'Lamp in the hall' };
/** In proxy mode; it speaks WBXML. */
export const sensor: Role = { id: 'urn:imei:356938035643809', name: 'Sensor in the cellar' };
/** In transparent mode: its session is its own. */
export const camera: Role = { id: 'urn:imei:352099001761481', name: 'Camera at the door' };
/** Not managed by anybody: a UPnP device on the LAN. */
export const radio: Role = { id: 'urn:uuid:5d2f8e0c-7b1a-4c57-9a53-2f6c1d0e8b41', name: 'Radio in the kitchen' };
