import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { Generation, Progress } from "../engine/rollup-store.ts";

/** What a state of the numbers is told from. */
export interface StateInputs {
  readonly generation: Generation | null;
  readonly progress: Progress;
  readonly today: DayNumber;
  readonly generated: boolean;
}

/** Enough of the rule version to tell two apart by eye. */
const RULE_CHARACTERS = 12;

/**
 * The state of the numbers as readable text: while it stays the same, the same question has the same answer. It changes with every run that
 * counts, with the generation, and with the UTC day.
 */
export class NumbersStates {
  readonly #facts: Pick<FactStore, "eventDays">;
  #last: { readonly inputs: StateInputs; readonly text: string } | null = null;

  constructor(facts: Pick<FactStore, "eventDays">) {
    this.#facts = facts;
  }

  /** Null where answers change without such a step: during the first run, whose numbers grow while one looks. */
  async textOf(inputs: StateInputs): Promise<string | null> {
    const { generation, progress } = inputs;
    if (generation === null || progress.updatedAt === null) return null;
    if (this.#last !== null && isSame(this.#last.inputs, inputs)) return this.#last.text;
    const text = stateText(inputs, generation, progress.updatedAt);
    const { through, counted } = progress;
    if (through !== null && counted !== null && counted - through >= 2) {
      return `${text},open=${await this.#openDays(through, counted)}`;
    }
    this.#last = { inputs, text };
    return text;
  }

  /** Days after the bookmark may have arrived or be known to have failed since: answers name them (days.ts). */
  async #openDays(through: DayNumber, counted: DayNumber): Promise<string> {
    const days = (await this.#facts.eventDays()).map(({ day }) => Number(day));
    return days.flatMap((day) => (day > through && day < counted ? [day - through] : [])).join("+");
  }
}

function isSame(a: StateInputs, b: StateInputs): boolean {
  return (
    a.generation?.id === b.generation?.id &&
    a.generation?.ruleVersion === b.generation?.ruleVersion &&
    a.progress.updatedAt === b.progress.updatedAt &&
    a.progress.through === b.progress.through &&
    a.progress.counted === b.progress.counted &&
    a.progress.recordSeq === b.progress.recordSeq &&
    a.today === b.today &&
    a.generated === b.generated
  );
}

function stateText({ progress, today, generated }: StateInputs, generation: Generation, updatedAt: number): string {
  const parts = [
    `rules=${generation.ruleVersion.slice(0, RULE_CHARACTERS)}`,
    `generation=${generation.id}`,
    `run=${new Date(updatedAt).toISOString()}`,
    `complete=${dayText(progress.through)}`,
    `counted=${dayText(progress.counted)}`,
    `records=${progress.recordSeq}`,
    `today=${dayFromNumber(today)}`,
    ...(generated ? ["generated"] : []),
  ];
  return parts.join(",");
}

function dayText(day: DayNumber | null): string {
  return day === null ? "none" : dayFromNumber(day);
}
