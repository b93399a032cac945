import { setTimeout as wait } from "node:timers/promises";
import { leaseHolder } from "../aggregate/aggregation-lease.ts";
import type { LockSettings } from "../config/operation.ts";
import type { CommandContext } from "./command.ts";

/** A killed holder on another machine frees its lease so soon; on this machine, at once. */
export const LEASE_TTL_MS = 60_000;
const LOOK_AGAIN_MS = 500;

/** Ends with the program's signal, or when the work has taken as long as its lock may be held. */
export function workSignal({ signal }: Pick<CommandContext, "signal">, { seconds }: LockSettings): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
}

/** Where the lock is switched off, nobody is refused: but two may not count at once, so the second waits for the first. */
export async function waitForTurn(context: CommandContext, { enabled, name }: LockSettings): Promise<void> {
  if (enabled) return;
  const { control } = await context.engine();
  while (!context.signal.aborted && (await leaseHolder(control, context.now(), name)) !== null) {
    await wait(LOOK_AGAIN_MS, undefined, { signal: context.signal }).catch(() => undefined);
  }
}
