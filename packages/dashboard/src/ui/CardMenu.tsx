import type { ReactNode, RefObject } from "react";
import { useWords } from "../messages/words-context.ts";
import { useAnnounce } from "./Announcer.tsx";
import type { TableData } from "./DataTable.tsx";
import { savePng, saveText } from "./export-drawing.ts";
import { Icon } from "./Icon.tsx";
import { Menu, type MenuChoice } from "./Menu.tsx";
import { useRoot } from "./root.ts";
import { tableCsv, tableTabs } from "./table-text.ts";
import { useCopy } from "./use-copy.ts";

export interface CardMenuProps {
  readonly name: string;
  readonly table: TableData | null;
  readonly drawing?: RefObject<(() => string) | null>;
  /** Address of the present view. */
  readonly address: () => string;
  readonly onHide: () => void;
}

/** What else can be done with a card: take its numbers, its picture, its address, or put it away. */
export function CardMenu({ name, table, drawing, address, onHide }: CardMenuProps): ReactNode {
  const words = useWords();
  const announce = useAnnounce();
  const root = useRoot();
  const file = fileName(name);
  const copy = useCopy();
  const svg = (): string => drawing?.current?.() ?? "";
  const saveSvg = (): void => saveText(`${file}.svg`, "image/svg+xml", svg());
  const saveOtherwise = (): void => {
    saveSvg();
    announce(words.text("tool.noPng"));
  };
  const actions: Readonly<Record<string, () => void>> = {
    copyTable: () => table !== null && void copy(tableTabs(table)),
    csv: () => table !== null && saveText(`${file}.csv`, "text/csv;charset=utf-8", `\uFEFF${tableCsv(table)}`),
    svg: saveSvg,
    png: () => void savePng(`${file}.png`, svg(), surfaceColor(root)).catch(saveOtherwise),
    copyLink: () => void copy(new URL(address(), location.href).href),
    hide: onHide,
  };
  const choices: readonly MenuChoice[] = [
    ...(table === null ? [] : (["copyTable", "csv"] as const)),
    ...(drawing === undefined ? [] : (["svg", "png"] as const)),
    "copyLink" as const,
    "hide" as const,
  ].map((value) => ({ value, label: words.text(`tool.${value}`) }));
  return (
    <Menu
      label={words.text("tool.more", { name })}
      named
      side="end"
      className="small square plain"
      choices={choices}
      onChoose={(value) => actions[value]?.()}
    >
      <Icon name="more" />
    </Menu>
  );
}

function surfaceColor(root: HTMLElement | null): string {
  return getComputedStyle((root ?? document.body).querySelector(".card") ?? document.body).backgroundColor;
}

function fileName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
}
