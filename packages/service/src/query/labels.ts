import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Label } from "@community-stats/contract/documents.ts";
import type { Side } from "@community-stats/contract/metrics.ts";
import type { LabelSpan } from "../engine/rollup-store.ts";
import type { Reading } from "./reading.ts";

/** Label of a value as it stood at the end of a day. */
export type LabelAt = (code: number, day: number) => Label;

interface KnownLabel {
  readonly from: number;
  readonly label: Label;
}

/** What a breakdown's values are called. */
export interface ValueNames {
  /** Ids by code. */
  readonly texts: readonly string[];
  readonly labelAt: LabelAt;
}

/** The names of a table's values. */
export async function readNames(
  reading: Reading,
  breakdown: Breakdown,
  { side, codes }: { readonly side: Side; readonly codes: readonly number[] },
): Promise<ValueNames> {
  const last = codes.reduce((most, code) => Math.max(most, code), -1);
  const texts = await reading.dictionaries.textsUpTo(last, valueKind(breakdown.name), reading);
  return { texts, labelAt: await readLabels(reading, breakdown, { side, texts }) };
}

/** T11 and its decisions 14 and 15: the newest label known on the day, else the oldest, else a stand-in. */
async function readLabels(
  reading: Reading,
  breakdown: Breakdown,
  { side, texts }: { readonly side: Side; readonly texts: readonly string[] },
): Promise<LabelAt> {
  const spans = await spansOf(reading, breakdown);
  const parsed = new Map<number, readonly KnownLabel[]>();
  const labelsOf = (code: number) => {
    const known = parsed.get(code) ?? parseSpans(spans.get(code) ?? [], breakdown);
    parsed.set(code, known);
    return known;
  };
  return (code, day) => {
    const known = labelsOf(code);
    const newest = known.findLast((label) => label.from <= day) ?? known[0];
    return newest?.label ?? standIn(texts[code] ?? "", breakdown, side);
  };
}

export function valueKind(breakdown: string): string {
  return `value:${breakdown}`;
}

/** The name of a series: never empty. */
export function displayLabel(label: Label, id: string): Label {
  return label === "" ? id : label;
}

function standIn(id: string, breakdown: Breakdown, side: Side): Label {
  if (breakdown.label === "languages") return { en: id };
  return side === "usage" ? id : "";
}

async function spansOf(reading: Reading, breakdown: Breakdown): Promise<ReadonlyMap<number, readonly LabelSpan[]>> {
  if (reading.generation === null || breakdown.label === "none") return new Map();
  return Map.groupBy(await reading.store.labels(reading.generation.id, breakdown.name), (span) => span.value);
}

function parseSpans(spans: readonly LabelSpan[], breakdown: Breakdown): readonly KnownLabel[] {
  return spans.flatMap((span) => {
    const label: unknown = JSON.parse(span.label);
    return isLabel(label, breakdown) ? [{ from: span.from, label }] : [];
  });
}

function isLabel(value: unknown, breakdown: Breakdown): value is Label {
  if (typeof value === "string") return breakdown.label !== "languages" && value !== "";
  return breakdown.label !== "text" && typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
