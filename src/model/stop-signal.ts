/**
 * As much of an AbortSignal as tells that something is to stop; every AbortSignal is one.
 *
 * Making a real one, with its events, costs a run several times what its listeners do.
 */
export interface StopSignal {
  readonly aborted: boolean;
  /** What whoever stops rejects with. */
  readonly reason: unknown;
  /** @throws the reason where it is aborted */
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once: true }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Of what nothing stops. */
export const neverStopped: StopSignal = {
  aborted: false,
  reason: undefined,
  throwIfAborted: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};
