import { createContext, use } from "react";
import { createSlotBook, type SlotBook } from "../select/slots.ts";
import { usePage } from "../state/page-context.ts";
import { withChoice } from "../state/page-state.ts";

/** Colours of values, the same in every chart of the page. */
export const SlotsContext = createContext<SlotBook>(createSlotBook());

export function useSlots(): SlotBook {
  return use(SlotsContext);
}

/** Address and hiding of one widget, for its menu. */
export function useCardActions(id: string): { readonly address: () => string; readonly onHide: () => void } {
  const { address, update } = usePage();
  return { address: () => address(), onHide: () => update((state) => withChoice(state, id, { hidden: "1" })) };
}
