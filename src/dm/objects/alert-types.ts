const root = 'urn:oma:at:oma-gwmo';

/**
 * Types of the GwMO Generic Alerts (1226) as they stand in Item/Meta/Type. The case is mixed in the registry itself.
 *
 * @see OMNA registry of DM alert types; OMA GwMO 1.1
 */
export const gwmoAlertTypes = {
  /** Gateway to server: a new end device. */
  deviceAttached: `${root}:deviceattached:1.1`,
  deviceAttached10: `${root}:deviceattached:1.0`,
  /** Gateway to server: a known end device has left. */
  deviceDetached: `${root}:devicedetached:1.0`,
  /** Gateway to server: the combined answers to one fan-out. */
  resultAggregation: `${root}:resultaggregation:1.0`,
  /** Gateway to server: a fan-out has finished. */
  completionStatus: `${root}:completionstatus:1.0`,
  /** Gateway to server: an image is here. */
  imageReady: `${root}:imageready:1.0`,
  /** End device to gateway: bootstrapped to a further DM server, or lost one. */
  bootstrappedDMSList: `${root}:BootstrappedDMSList:1.0`,
  /** End device to server: the address of its present gateway. */
  associatedGateway: `${root}:AssociatedGateway:1.0`,
} as const;

/** An alert's type without the prefix that DM 1.2 asks for and nobody sends, and without stray spaces. @see OMA DM Protocol 1.2 § 8.7 */
export function alertType(metaType: string): string {
  return metaType.replace(/^\s*(?:Reversed-Domain-Name|Content-Type)\s*:/i, '').trim();
}
