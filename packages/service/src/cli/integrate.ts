import { layoutEditorPath } from "@community-stats/contract/tool-pages.ts";
import type { SettingsForm } from "../config/settings-form.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { menuModule } from "./integrate-menu.ts";
import { textOption } from "./options.ts";

export const integrateCommand: Command = {
  name: "integrate",
  summary: "Print what an InvenioRDM operator adds: custom fields, menu entries, rules for the proxy.",
  gated: false,
  options: [
    {
      flags: "--part <part>",
      description: "only this part",
      choices: ["custom-fields", "menu", "nginx"],
    },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["integrate", "integrate --part custom-fields >> invenio.cfg", "integrate --part nginx"],
  run,
};

type Part = "custom-fields" | "menu" | "nginx";

async function run({ config, stdout }: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const parts: Readonly<Record<Part, string>> = {
    "custom-fields": customFields(config.dashboard),
    menu: menuModule({ routes: config.dashboard.routes, menu: config.dashboard.frame.menu }),
    nginx: nginx(config.dashboard.routes, `http://${hostOf(config.host)}:${config.port}`),
  };
  const wanted = textOption(options, "part");
  const chosen = Object.entries(parts).filter(([name]) => wanted === null || wanted === name);
  if (options["json"] === true) stdout.write(`${JSON.stringify(Object.fromEntries(chosen), null, 2)}\n`);
  else stdout.write(chosen.map(([, text]) => text).join("\n"));
  return EXIT.done;
}

function hostOf(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}

interface FieldSource {
  readonly communityOptIn: boolean;
  readonly settingsForm: SettingsForm;
  readonly routes: Routes;
}

/** In invenio.cfg; what is there already stays. */
function customFields({ communityOptIn: isOptIn, settingsForm, routes }: FieldSource): string {
  const editor = `${layoutEditorPath(routes.global)}?community=<slug>`;
  return `# invenio.cfg: fields of communities. Then run:
#   invenio custom-fields communities init -f stats:dashboard_enabled -f stats:dashboard_layout
from invenio_records_resources.services.custom_fields import BaseCF, BooleanCF
from marshmallow import fields


class StatsLayoutCF(BaseCF):
    """A layout document; it is checked by the service that shows it."""

    @property
    def field(self):
        return fields.Dict(allow_none=True)

    @property
    def mapping(self):
        return {"type": "object", "enabled": False}


COMMUNITIES_NAMESPACES = {**globals().get("COMMUNITIES_NAMESPACES", {}), "stats": None}
COMMUNITIES_CUSTOM_FIELDS = [
    BooleanCF(name="stats:dashboard_enabled"),  # ${isOptIn ? "only communities that set it are shown" : "false hides a community"}
    StatsLayoutCF(name="stats:dashboard_layout"),  # written and looked at on the page ${editor}
    *globals().get("COMMUNITIES_CUSTOM_FIELDS", []),
]
${isOptIn ? formOf(settingsForm) : ""}`;
}

/** Where communities choose for themselves, their managers need a switch. */
function formOf({ label, icon, description, helpText }: SettingsForm): string {
  const props = Object.entries({ label, icon, description, helpText, trueLabel: "Yes", falseLabel: "No" });
  const lines = props.flatMap(([name, text]) => {
    return text === "" ? [] : [`                    "${name}": ${JSON.stringify(text)},`];
  });
  return `COMMUNITIES_CUSTOM_FIELDS_UI = [
    {
        "section": "Statistics",
        "fields": [
            {
                "field": "stats:dashboard_enabled",
                "ui_widget": "BooleanCheckbox",
                "props": {
${lines.join("\n")}
                },
            },
        ],
    },
    *globals().get("COMMUNITIES_CUSTOM_FIELDS_UI", []),
]
`;
}

interface Routes {
  readonly global: string;
  readonly community: string;
}

function nginx({ global, community }: Routes, server: string): string {
  const pattern = community.replaceAll(/[.+*?^$()[\]{}|\\]/g, String.raw`\$&`).replaceAll(/<[^>]+>/g, "[^/]+");
  const pass = `{ proxy_pass ${server}; }`;
  return `# nginx: within the server of the repository.
location = ${global} ${pass}
location ^~ ${global.replace(/\/$/, "")}/ ${pass}
location ~ ^${pattern}(/|$) ${pass}
location ^~ /assets/ ${pass}
location ^~ /api/stats-dashboard ${pass}
proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $scheme;
`;
}
