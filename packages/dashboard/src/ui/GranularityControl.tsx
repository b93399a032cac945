import { GRANULARITIES, type Granularity } from "@community-stats/contract/series.ts";
import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { withGranularity } from "../state/page-state.ts";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";
import { Segmented } from "./Segmented.tsx";

/** Day, week, month, quarter, year: a row where there is room, else a menu. */
export function GranularityControl(): ReactNode {
  const words = useWords();
  const { state, defaults, update } = usePage();
  const choose = (value: string): void => {
    const granularity = GRANULARITIES.find((name) => name === value);
    if (granularity !== undefined) update((before) => withGranularity(before, granularity, defaults));
  };
  const options = GRANULARITIES.map((value: Granularity) => ({ value, label: words.text(`grain.${value}`) }));
  return (
    <>
      <Segmented
        legend={words.text("control.groupBy")}
        className="grain"
        options={options}
        value={state.granularity}
        onChange={choose}
      />
      <Menu
        label={words.text("control.groupBy")}
        className="grain-small"
        choices={options}
        value={state.granularity}
        onChoose={choose}
      >
        <span className="long">{words.text(`byGrain.${state.granularity}`)}</span>
        <span className="short">{words.text(`grain.${state.granularity}`)}</span>
        <Icon name="down" />
      </Menu>
    </>
  );
}
