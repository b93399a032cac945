import { z } from "zod";

/** How the switch for a community's dashboard is described to its managers, in the repository's form. */
export interface SettingsForm {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  /** Empty: none. */
  readonly helpText: string;
}

const PREFIX = "STATS_DASHBOARD_SETTINGS_COMMUNITY_ENABLED";

/** Rows of the table of variables. The repository draws the form; `integrate` prints what it is given. */
export const SETTINGS_FORM_VARIABLES = [
  row(
    "LABEL",
    "Enable Dashboard",
    "Label of the switch in the form of a community's settings, as `integrate` prints it.",
  ),
  row("DESCRIPTION", "Whoever can see the community can see its statistics.", "What stands below that switch."),
  row("ICON", "chart line", "Its icon, by the repository's name for it."),
  row("HELPTEXT", "", "A longer explanation of it."),
];

function row(key: string, usual: string, meaning: string) {
  return { name: `${PREFIX}_${key}`, schema: z.string(), default: usual, meaning };
}

export function settingsForm(read: <T>(name: string, schema: z.ZodType<T>) => T): SettingsForm {
  const text = (key: string): string => read(`${PREFIX}_${key}`, z.string());
  return { label: text("LABEL"), description: text("DESCRIPTION"), icon: text("ICON"), helpText: text("HELPTEXT") };
}
