import type { ControlStore } from "../engine/control-store.ts";

const SETTING = "aggregation:recount";

/** Lets the next run count everything again, whatever it finds. The numbers stay until then. */
export async function requestRecount(control: ControlStore): Promise<void> {
  await control.setSetting(SETTING, "requested");
}

export async function isRecountRequested(control: ControlStore): Promise<boolean> {
  return (await control.setting(SETTING)) === "requested";
}

export async function recountDone(control: ControlStore): Promise<void> {
  await control.setSetting(SETTING, "");
}
