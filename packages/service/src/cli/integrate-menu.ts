import type { FrameSettings, MenuSettings } from "../config/page-frame.ts";

export interface MenuPlan {
  readonly routes: { readonly global: string; readonly community: string };
  readonly menu: FrameSettings["menu"];
}

/** Python for the repository's site: the entries that are switched on, as configured. */
export function menuModule({ routes, menu }: MenuPlan): string {
  const { main, community } = menu;
  if (!main.enabled && !community.enabled) {
    return "# Both menu entries are switched off: STATS_DASHBOARD_MENU_ENABLED, STATS_DASHBOARD_COMMUNITY_MENU_ENABLED.\n";
  }
  const parts = [
    ...(main.enabled ? [mainEntry(main, routes.global)] : []),
    ...(community.enabled ? [communityEntry(community)] : []),
  ];
  return [
    "# A module of the repository's site, `my_site/stats_menu.py`. Its entry points, in pyproject.toml:",
    '#   [project.entry-points."invenio_base.finalize_app"]',
    '#   stats_menu = "my_site.stats_menu:finalize_app"',
    ...(community.enabled && addressOf(community) === null
      ? ['#   [project.entry-points."invenio_base.blueprints"]', '#   stats_menu = "my_site.stats_menu:blueprint"']
      : []),
    ...(community.enabled && addressOf(community) === null ? ["from flask import Blueprint, abort"] : []),
    "from flask_menu import current_menu",
    "from invenio_i18n import lazy_gettext as _",
    ...(community.enabled && addressOf(community) === null ? ["", blueprint(routes.community)] : []),
    "",
    "",
    "def finalize_app(app):",
    "    with app.app_context():",
    ...parts,
    "",
  ].join("\n");
}

function mainEntry(entry: MenuSettings, route: string): string {
  return registration("main.stats", entry, [
    "endpoint=None",
    `external_url=${JSON.stringify(addressOf(entry) ?? route)}`,
  ]);
}

/** The tab of a community's page has an address for each of them: it is built from a route that the proxy answers. */
function communityEntry(entry: MenuSettings): string {
  const address = addressOf(entry);
  const target =
    address === null
      ? ['endpoint="stats_menu.community"', 'expected_args=["pid_value"]']
      : ["endpoint=None", `external_url=${JSON.stringify(address)}`];
  return registration("communities.stats", entry, [...target, 'icon="chart line"', 'permissions="can_read"']);
}

function registration(path: string, { text, order }: MenuSettings, rest: readonly string[]): string {
  const given = [`text=_(${JSON.stringify(text ?? "Statistics")})`, `order=${order}`, ...rest];
  return [
    `        current_menu.submenu("${path}").register(`,
    ...given.map((one) => `            ${one},`),
    "        )",
  ].join("\n");
}

function blueprint(route: string): string {
  return [
    'blueprint = Blueprint("stats_menu", __name__)',
    "",
    "",
    `@blueprint.route(${JSON.stringify(route.replaceAll(/<[^>]+>/g, "<pid_value>"))})`,
    "def community(pid_value):",
    '    """Only gives the address; the proxy in front sends it to the statistics."""',
    "    abort(404)",
  ].join("\n");
}

/** Null where the original's name of an endpoint stands for the dashboard. */
function addressOf({ endpoint }: MenuSettings): string | null {
  return /^(?:\/|https:\/\/)/.test(endpoint) ? endpoint : null;
}
