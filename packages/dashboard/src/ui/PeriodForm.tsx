import { parseDay, type DayRange } from "@community-stats/contract/days.ts";
import { parseDate } from "@internationalized/date";
import { useId, useState, type ReactNode } from "react";
import {
  Button,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  Heading,
  I18nProvider,
  RangeCalendar,
} from "react-aria-components";
import { useWords } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { usePage } from "../state/page-context.ts";
import { resolveRange, type RangeChoice } from "../state/page-state.ts";
import { firstAllowed, presetsFor, type Bounds } from "@community-stats/contract/presets.ts";
import { Icon } from "./Icon.tsx";
import { presetName } from "./range-name.ts";

const CUSTOM = "custom";

interface Draft {
  /** Name of the preset, or "custom". */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Presets, two typed days and a calendar. Nothing applies before Apply. */
export function PeriodForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const words = useWords();
  const { state, range, bounds, update } = usePage();
  const [draft, setDraft] = useState<Draft>({
    name: state.range.kind === "custom" ? CUSTOM : state.range.name,
    ...range,
  });
  const [tried, setTried] = useState(false);
  const chosen = draftRange(words, draft, bounds);
  const apply = (): void => {
    setTried(true);
    if (typeof chosen === "string") return;
    const next: RangeChoice =
      draft.name === CUSTOM ? { kind: "custom", ...chosen } : { kind: "preset", name: draft.name };
    update((before) => ({ ...before, range: next }));
    onDone();
  };
  return (
    <div className="period-form">
      <Presets
        names={presetsFor(state.granularity, bounds.fiscalYearStart).map(({ name }) => name)}
        value={draft.name}
        onChange={(name) =>
          setDraft(name === CUSTOM ? { ...draft, name } : { name, ...resolveRange({ kind: "preset", name }, bounds) })
        }
      />
      <div className="custom">
        <Days
          draft={draft}
          bounds={bounds}
          problem={tried && typeof chosen === "string" ? chosen : null}
          onChange={setDraft}
          onApply={apply}
        />
        <Calendar
          chosen={typeof chosen === "string" ? range : chosen}
          bounds={bounds}
          onChange={(days) => setDraft({ name: CUSTOM, ...days })}
        />
        <p className="actions">
          <button type="button" className="btn primary" onClick={apply}>
            {words.text("control.apply")}
          </button>
          <button type="button" className="btn" onClick={onDone}>
            {words.text("control.cancel")}
          </button>
        </p>
      </div>
    </div>
  );
}

interface PresetsProps {
  readonly names: readonly string[];
  readonly value: string;
  readonly onChange: (name: string) => void;
}

function Presets({ names, value, onChange }: PresetsProps): ReactNode {
  const words = useWords();
  const group = useId();
  return (
    <fieldset className="presets">
      <legend className="sr">{words.text("control.period")}</legend>
      {[...names, CUSTOM].map((name) => (
        <label key={name}>
          <input type="radio" name={group} value={name} checked={name === value} onChange={() => onChange(name)} />
          <span>{name === CUSTOM ? words.text("preset.custom") : presetName(words, name)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface DaysProps {
  readonly draft: Draft;
  readonly bounds: Bounds;
  readonly problem: string | null;
  readonly onChange: (draft: Draft) => void;
  readonly onApply: () => void;
}

function Days({ draft, bounds, problem, onChange, onApply }: DaysProps): ReactNode {
  const words = useWords();
  const id = useId();
  const hint =
    problem ??
    words.text("control.format", { from: words.dates.day(firstAllowed(bounds)), to: words.dates.day(bounds.today) });
  const field = (name: "from" | "to"): ReactNode => (
    <label>
      {words.text(`control.${name}`)}
      <input
        type="text"
        inputMode="numeric"
        autoComplete="off"
        value={draft[name]}
        aria-describedby={id}
        aria-invalid={problem !== null}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // The focus may go to a button, which must not take the key for its own.
          event.preventDefault();
          onApply();
        }}
        onChange={(event) => onChange({ ...draft, name: CUSTOM, [name]: event.target.value.trim() })}
      />
    </label>
  );
  return (
    <>
      <div className="fields">
        {field("from")}
        {field("to")}
      </div>
      <p id={id} className={problem === null ? "sub" : "sub problem"} role={problem === null ? undefined : "alert"}>
        {hint}
      </p>
    </>
  );
}

/** The days of a draft, or what is wrong with it. */
function draftRange(words: Words, draft: Draft, bounds: Bounds): DayRange | string {
  const [from, to] = [parseDay(draft.from), parseDay(draft.to)];
  if (from === null || to === null) {
    return words.text("control.badDay", { text: from === null ? draft.from : draft.to, example: bounds.today });
  }
  if (from > to) return words.text("control.badOrder");
  const first = firstAllowed(bounds);
  if (from < first || to > bounds.today) {
    return words.text("control.badBounds", { from: words.dates.day(first), to: words.dates.day(bounds.today) });
  }
  return { from, to };
}

interface CalendarProps {
  readonly chosen: DayRange;
  readonly bounds: Bounds;
  readonly onChange: (days: { readonly from: string; readonly to: string }) => void;
}

function Calendar({ chosen, bounds, onChange }: CalendarProps): ReactNode {
  const words = useWords();
  return (
    <I18nProvider locale={words.locale === "en" ? "en-GB" : words.locale}>
      <RangeCalendar
        className="cal"
        aria-label={words.text("control.calendar")}
        firstDayOfWeek="mon"
        value={{ start: parseDate(chosen.from), end: parseDate(chosen.to) }}
        defaultFocusedValue={parseDate(chosen.to)}
        minValue={parseDate(firstAllowed(bounds))}
        maxValue={parseDate(bounds.today)}
        onChange={({ start, end }) => onChange({ from: start.toString(), to: end.toString() })}
      >
        <header className="cal-head">
          <Heading level={4} />
          <Button slot="previous" className="btn small square plain" aria-label={words.text("control.monthBefore")}>
            <Icon name="prev" />
          </Button>
          <Button slot="next" className="btn small square plain" aria-label={words.text("control.monthAfter")}>
            <Icon name="next" />
          </Button>
        </header>
        <CalendarGrid weekdayStyle="short">
          <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
          <CalendarGridBody>{(date) => <CalendarCell date={date} className="cal-day" />}</CalendarGridBody>
        </CalendarGrid>
      </RangeCalendar>
    </I18nProvider>
  );
}
