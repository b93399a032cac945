import type { Words } from "../messages/words.ts";
import type { RangeChoice } from "../state/page-state.ts";
import { presetNamed } from "@community-stats/contract/presets.ts";

export function rangeName(words: Words, range: RangeChoice): string {
  return range.kind === "custom" ? words.text("preset.custom") : presetName(words, range.name);
}

export function presetName(words: Words, name: string): string {
  const preset = presetNamed(name);
  if (preset === undefined) return name;
  return words.textOr(`preset.${preset.label}`, name, { n: words.numbers.full(preset.count), count: preset.count });
}
