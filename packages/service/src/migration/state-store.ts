import type { ControlStore } from "../engine/control-store.ts";
import { keyText, type MonthKey } from "./month-plan.ts";
import { type MonthState, PHASES } from "./states.ts";

/** Keeps what is known of each month's migration among the settings. */
export class StateStore {
  readonly #control: ControlStore;

  constructor(control: ControlStore) {
    this.#control = control;
  }

  /** Null before the first run, after the state was cleared, and for what an unknown version has written. */
  async read(key: MonthKey): Promise<MonthState | null> {
    const text = await this.#control.setting(settingOf(key));
    return text === null || text === "" ? null : stateOf(JSON.parse(text));
  }

  async write(key: MonthKey, state: MonthState): Promise<void> {
    await this.#control.setSetting(settingOf(key), JSON.stringify(state));
  }

  async clear(key: MonthKey): Promise<void> {
    await this.#control.setSetting(settingOf(key), "");
  }
}

function settingOf(key: MonthKey): string {
  return `migration ${keyText(key)}`;
}

function stateOf(value: unknown): MonthState | null {
  if (typeof value !== "object" || value === null || !("phase" in value)) return null;
  const phase = PHASES.find((one) => one === value.phase);
  return phase === undefined ? null : { ...(value as MonthState), phase };
}
