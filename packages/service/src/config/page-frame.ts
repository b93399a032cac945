import { dirname, resolve } from "node:path";
import { z } from "zod";

/** An entry of a menu: the way to a dashboard. */
export interface MenuSettings {
  readonly enabled: boolean;
  /** Null: "Statistics" in the reader's language. */
  readonly text: string | null;
  readonly order: number;
  /** An address, or the original's name of an endpoint, which stands for the dashboard. */
  readonly endpoint: string;
}

/** What stands around a dashboard. */
export interface FrameSettings {
  /** Files of HTML with places for the parts of a page; null: a page of our own. */
  readonly templates: { readonly global: string | null; readonly community: string | null };
  readonly menu: { readonly main: MenuSettings; readonly community: MenuSettings };
  /** Where it is said what each number means: an address, our own page, or nowhere. */
  readonly help: { readonly kind: "own" | "none" } | { readonly kind: "address"; readonly address: string };
}

const TEMPLATES = "STATS_DASHBOARD_TEMPLATES";
const MENU = "STATS_DASHBOARD_MENU";
const COMMUNITY_MENU = "STATS_DASHBOARD_COMMUNITY_MENU";
const HELP = "COMMUNITY_STATS_HELP_URL";
const NO_HELP = "none";
const TEXT = "Statistics";

const order = z.number().int().min(-1000).max(1000);

/** Rows of the table of variables. */
export const FRAME_VARIABLES = [
  {
    name: TEMPLATES,
    schema: z.looseObject({ global: z.string().nullish(), community: z.string().nullish() }),
    default: {},
    merge: "shallow" as const,
    meaning:
      "Files of HTML, by path from the configuration file's folder, into which the pages `global` and `community` are set: see docs/embed.md. Templates of the original's packages stand for a page of our own.",
  },
  {
    name: HELP,
    schema: z.string().regex(/^(?:|none|\/(?!\/).*|https?:\/\/.+)$/, {
      error: `not an address; write it like /help/statistics or https://repository.example/help, or ${NO_HELP}`,
    }),
    default: "",
    meaning: `Where "How we count" leads: an address that begins with / or https://; empty: a page of our own; ${NO_HELP}: it is left out.`,
  },
  ...menuRows(MENU, "main menu", { order: 1, endpoint: "invenio_stats_dashboard.global_stats_dashboard" }),
  ...menuRows(COMMUNITY_MENU, "menu of a community's page", {
    order: 35,
    endpoint: "invenio_stats_dashboard.community_stats_dashboard",
  }),
];

function menuRows(prefix: string, where: string, usual: { readonly order: number; readonly endpoint: string }) {
  return [
    { name: `${prefix}_ENABLED`, schema: z.boolean(), default: true, meaning: `The entry in the ${where}.` },
    {
      name: `${prefix}_TEXT`,
      schema: z.string().min(1),
      default: TEXT,
      meaning: "Its text; the default is translated.",
    },
    { name: `${prefix}_ORDER`, schema: order, default: usual.order, meaning: "Its place: smaller numbers come first." },
    {
      name: `${prefix}_ENDPOINT`,
      schema: z.string().min(1),
      default: usual.endpoint,
      meaning: "Where it leads: an address that begins with / or https://; any other name stands for the dashboard.",
    },
  ];
}

type Read = <T>(name: string, schema: z.ZodType<T>) => T;

/** @param file path of the configuration file; null where there is none. */
export function frameSettings(read: Read, file: string | null): FrameSettings {
  const { global, community } = read(
    TEMPLATES,
    z.object({ global: z.string().nullish(), community: z.string().nullish() }),
  );
  const folder = file === null ? "." : dirname(file);
  return {
    templates: { global: templateFile(folder, global), community: templateFile(folder, community) },
    menu: { main: menuOf(read, MENU), community: menuOf(read, COMMUNITY_MENU) },
    help: helpOf(read(HELP, z.string())),
  };
}

function helpOf(text: string): FrameSettings["help"] {
  if (text === "") return { kind: "own" };
  return text === NO_HELP ? { kind: "none" } : { kind: "address", address: text };
}

function templateFile(folder: string, named: string | null | undefined): string | null {
  if (named === null || named === undefined || named === "" || /^invenio_\w+\//.test(named)) return null;
  return resolve(folder, named);
}

function menuOf(read: Read, prefix: string): MenuSettings {
  const text = read(`${prefix}_TEXT`, z.string());
  return {
    enabled: read(`${prefix}_ENABLED`, z.boolean()),
    text: text === TEXT ? null : text,
    order: read(`${prefix}_ORDER`, z.number()),
    endpoint: read(`${prefix}_ENDPOINT`, z.string()),
  };
}
