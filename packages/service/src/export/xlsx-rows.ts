import type { ByteBlock } from "./byte-block.ts";
import type { ExportMetric, ExportPoint } from "./model.ts";
import type { SharedTexts } from "./xlsx-texts.ts";

/** Bytes of the longest row: all its cells are numbers, texts among them by their number. */
export const ROW_BYTES = 1024;
/** Styles of the workbook's styles.xml: 0 plain, 1 header, 2 date, 3 whole number. */
export const [HEADER, DATE, NUMBER] = [1, 2, 3];

const ROW = piece('<row r="');
const FIRST_CELL = piece('"><c r="A');
const VALUE_CELL = piece('<c r="D');
const VALUE = piece(`" s="${NUMBER}"><v>`);
const VALUE_END = piece("</v></c>");
const UNIT_CELL = piece('<c r="E');
const FACT_CELLS = ["F", "G", "H", "I", "J", "K"].map((letter) => piece(`<c r="${letter}`));
const ROW_END = piece("</row>");

/** The rows of a table as bytes, one after the other: id, label, date, value and unit of each point. A large workbook has millions of them. */
export class TableRows {
  readonly #texts: SharedTexts;
  readonly #series: Iterator<ExportMetric["series"][number]>;
  readonly #dates = new Map<string, Uint8Array>();
  readonly #unit: Uint8Array;
  #points: Iterator<ExportPoint> = [][Symbol.iterator]();
  #id: Uint8Array = ROW;
  #label: Uint8Array = ROW;
  #facts: readonly Uint8Array[] = [];

  constructor({ series, unit }: ExportMetric, texts: SharedTexts) {
    this.#texts = texts;
    this.#series = series[Symbol.iterator]();
    this.#unit = piece(textValue(texts.number(unit)));
  }

  /** False where no row is left. Takes at most `ROW_BYTES`. */
  write(block: ByteBlock, row: number): boolean {
    const point = this.#next();
    if (point === null) return false;
    const [date, value] = point;
    block.piece(ROW);
    block.number(row);
    block.piece(FIRST_CELL);
    block.number(row);
    block.piece(this.#id);
    block.number(row);
    block.piece(this.#label);
    block.number(row);
    block.piece(this.#date(date));
    if (value !== null) writeValue(block, row, value);
    block.piece(UNIT_CELL);
    block.number(row);
    block.piece(this.#unit);
    for (const [index, fact] of this.#facts.entries()) {
      block.piece(FACT_CELLS[index] ?? ROW_END);
      block.number(row);
      block.piece(fact);
    }
    block.piece(ROW_END);
    return true;
  }

  #next(): ExportPoint | null {
    for (;;) {
      const point = this.#points.next();
      if (point.done !== true) return point.value;
      const series = this.#series.next();
      if (series.done === true) return null;
      const { id, label, points, facts = [] } = series.value;
      this.#facts = facts.map((fact) => piece(textValue(this.#texts.number(fact))));
      this.#id = piece(`${textValue(this.#texts.number(id))}<c r="B`);
      this.#label = piece(`${textValue(this.#texts.number(label))}<c r="C`);
      this.#points = points[Symbol.iterator]();
    }
  }

  /** The same days come again in each series. */
  #date(date: string): Uint8Array {
    const known = this.#dates.get(date);
    if (known !== undefined) return known;
    const made = piece(this.#dateValue(date));
    this.#dates.set(date, made);
    return made;
  }

  /** Days since 1899-12-30; dates before 1900-03-01 stay text, since spreadsheets disagree about them. */
  #dateValue(date: string): string {
    const days = Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569;
    if (Number.isInteger(days) && days > 60) return `" s="${DATE}"><v>${days}</v></c>`;
    return textValue(this.#texts.number(date));
  }
}

function writeValue(block: ByteBlock, row: number, value: number): void {
  block.piece(VALUE_CELL);
  block.number(row);
  block.piece(VALUE);
  block.number(value);
  block.piece(VALUE_END);
}

/** The rest of a text's cell after its address. */
function textValue(text: number): string {
  return `" t="s"><v>${text}</v></c>`;
}

function piece(text: string): Uint8Array {
  return Buffer.from(text);
}
