import { usePage } from "../state/page-context.ts";
import { withChoice } from "../state/page-state.ts";

/** Address and hiding of one widget, for its menu. */
export function useCardActions(id: string): { readonly address: () => string; readonly onHide: () => void } {
  const { address, update } = usePage();
  return { address: () => address(), onHide: () => update((state) => withChoice(state, id, { hidden: "1" })) };
}
