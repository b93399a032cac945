import type { Fence } from "./fence.ts";
import type { Requests } from "./requests.ts";

/** What the writers of one generation share. */
export interface NumbersPlace {
  readonly requests: Requests;
  readonly index: string;
  readonly fence: Fence;
  /** A number that grows with every write; the `ATTEMPTS` after it are its own. */
  readonly nextWrite: () => Promise<number>;
  /** Makes what this process has written visible to its next search. */
  readonly seen: () => Promise<void>;
  /** Notes that something was written. */
  readonly wrote: () => void;
}
/** Tries of one write that can be told apart. */
export const ATTEMPTS = 32;
