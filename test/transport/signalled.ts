/** Something that a test waits for and that its other side sets. */
export interface Signalled {
  set(): void;
  readonly isSet: Promise<void>;
}

export function signalled(): Signalled {
  let set: () => void = () => undefined;
  const isSet = new Promise<void>((resolve) => {
    set = resolve;
  });
  return { set, isSet };
}
