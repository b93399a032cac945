/**
 * Whether a layout's component stands for an element that the page around the dashboard defines: "stats-open-access".
 * All of them begin alike, so that a layout can name no other element of that page.
 */
export function isHostWidget(component: string): boolean {
  return /^stats(?:-[a-z\d]+)+$/.test(component);
}
