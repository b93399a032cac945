import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
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
    "custom-fields": customFields(config.dashboard.communityOptIn),
    menu: menu(config.dashboard.routes),
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

/** In invenio.cfg; what is there already stays. */
function customFields(isOptIn: boolean): string {
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
    StatsLayoutCF(name="stats:dashboard_layout"),
    *globals().get("COMMUNITIES_CUSTOM_FIELDS", []),
]
`;
}

interface Routes {
  readonly global: string;
  readonly community: string;
}

function menu({ global }: Routes): string {
  return `# A module of the repository's site: the entry of the main menu.
from flask_menu import current_menu
from invenio_i18n import lazy_gettext as _


def finalize_app(app):
    with app.app_context():
        current_menu.submenu("main.stats").register(
            endpoint=None,
            text=_("Statistics"),
            order=1,
            external_url=${JSON.stringify(global)},
        )
`;
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
