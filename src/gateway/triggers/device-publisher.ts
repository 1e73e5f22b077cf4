/** Publishes to devices by the embedded broker. `broker/` implements it; a program introduces it. */
export interface DevicePublisher {
  /**
   * Queues a payload for a device under `devices/<device>/<leaf>`, with QoS 1 and in order, until the device has acknowledged it or it
   * has grown too old. It joins the transaction of the running turn: it is durable when `store.committed()` says so. What is beyond the
   * caps is refused, counted and logged; this never throws for it.
   *
   * @param device DevId URN
   * @param leaf a path below the device's own place: `trigger`
   * @param options.replace an older one that still waits under the same leaf gives way to this one
   */
  publish(device: string, leaf: string, payload: Uint8Array, options?: { readonly replace?: boolean }): void;
}
