import { lazy, Suspense, useState, type ReactNode } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { Icon } from "./Icon.tsx";

const FilterForm = lazy(async () => ({ default: (await import("./FilterForm.tsx")).FilterForm }));

/** Narrows the page to one value of any breakdown. A page about one value has nothing to choose. */
export function FilterControl(): ReactNode {
  const words = useWords();
  const { config } = usePage();
  const [open, setOpen] = useState(false);
  if (config.value !== null || config.breakdowns.length === 0) return null;
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="btn quiet filter-button" aria-label={words.text("filter.button")}>
        <Icon name="filter" />
        <span className="word">{words.text("filter.button")}</span>
      </Button>
      <Popover className="cs-root cs-layer" placement="bottom end">
        <Dialog className="pop scope-pop" aria-label={words.text("filter.button")}>
          <Suspense fallback={<div className="filter-wait" />}>
            <FilterForm onDone={() => setOpen(false)} />
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
