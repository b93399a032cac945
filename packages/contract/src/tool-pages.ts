/** Pages for those who write layouts, below the repository's dashboard; for a route as well as an address. */
const below = (dashboard: string, page: string): string => `${dashboard.replace(/\/$/, "")}/${page}`;

/** Every widget with invented numbers. */
export function galleryPath(dashboard: string): string {
  return below(dashboard, "gallery");
}

/** Where a layout is written and looked at; `?community=<slug>` begins with that of a community. */
export function layoutEditorPath(dashboard: string): string {
  return below(dashboard, "layout-editor");
}
