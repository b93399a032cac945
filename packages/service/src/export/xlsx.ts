import type { Writable } from "node:stream";
import { aboutRows, type ExportDocument, type ExportTable, tablesOf } from "./model.ts";
import { xmlText } from "./xml-text.ts";
import { ZipWriter } from "./zip.ts";

/** Rows of a worksheet, its header included. */
export const SHEET_ROWS = 1_048_576;
const PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";
/** Styles of styles.xml: 0 plain, 1 header, 2 date, 3 whole number. */
const [HEADER, DATE, NUMBER] = [1, 2, 3];

/**
 * One workbook: a sheet "About", then one sheet per breakdown and metric with real dates and numbers, a frozen bold header and text that is
 * never a formula. A table that is longer than a sheet goes on in the next one. Written in constant memory.
 * @param sheetRows rows of a sheet, its header included.
 */
export async function writeXlsx(document: ExportDocument, out: Writable, sheetRows = SHEET_ROWS): Promise<void> {
  const zip = new ZipWriter(out);
  const names = new SheetNames();
  const texts = new SharedTexts();
  const sheets: string[] = [];
  const add = async (name: string, rows: Iterable<string>) => {
    sheets.push(names.take(name));
    await zip.add(`xl/worksheets/sheet${sheets.length}.xml`, worksheet(rows));
  };
  await add("About", aboutSheet(document, texts));
  const several = document.queries.length > 1;
  for (const table of tablesOf(document)) {
    const rows = tableRows(table, texts);
    const name = `${several ? `${table.query.label} ` : ""}${table.group.name} ${table.metric.name}`;
    for (let more = true; more;) {
      const part = new SheetPart(rows, texts, sheetRows);
      await add(name, part.rows());
      more = part.more;
    }
  }
  await zip.add("xl/sharedStrings.xml", texts.xml());
  await addParts(zip, sheets);
  await zip.end();
}

/** Texts are written once and named by number: they are ids and labels, far fewer than rows. */
class SharedTexts {
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  *xml(): Generator<string> {
    yield `${PROLOGUE}<sst xmlns="${MAIN}">`;
    for (const text of this.#numbers.keys()) {
      yield `<si><t xml:space="preserve">${xmlText(text.slice(0, CELL_TEXT))}</t></si>`;
    }
    yield "</sst>";
  }
}

/** Characters that a cell can hold. */
const CELL_TEXT = 32_767;

/** The cells of a row, made when its number is known. */
type Row = (number: number) => string;

/** Takes rows of one iterator until the sheet is full; `more` says whether the iterator has rows left. */
class SheetPart {
  readonly #source: Iterator<Row>;
  readonly #texts: SharedTexts;
  readonly #most: number;
  more = false;

  constructor(source: Iterator<Row>, texts: SharedTexts, most: number) {
    this.#source = source;
    this.#texts = texts;
    this.#most = most;
  }

  *rows(): Generator<string> {
    const titles = ["id", "label", "date", "value", "unit"].map((title) => this.#texts.number(title));
    yield rowXml(1, titles.map((title, index) => textCell(column(index), 1, { text: title, style: HEADER })).join(""));
    for (let number = 2; number <= this.#most; number++) {
      const next = this.#source.next();
      if (next.done === true) return;
      yield rowXml(number, next.value(number));
    }
    this.more = true;
  }
}

function* tableRows({ metric }: ExportTable, texts: SharedTexts): Generator<Row> {
  const unit = texts.number(metric.unit);
  for (const series of metric.series) {
    const [id, label] = [texts.number(series.id), texts.number(series.label)];
    for (const [date, value] of series.points) {
      yield (number) =>
        textCell("A", number, { text: id }) +
        textCell("B", number, { text: label }) +
        dateCell("C", number, { date, texts }) +
        (value === null ? "" : `<c r="D${number}" s="${NUMBER}"><v>${value}</v></c>`) +
        textCell("E", number, { text: unit });
    }
  }
}

function textCell(
  letter: string,
  row: number,
  { text, style }: { readonly text: number; readonly style?: number },
): string {
  const look = style === undefined ? "" : ` s="${style}"`;
  return `<c r="${letter}${row}"${look} t="s"><v>${text}</v></c>`;
}

interface DateText {
  readonly date: string;
  readonly texts: SharedTexts;
}

/** Days since 1899-12-30; dates before 1900-03-01 stay text, since spreadsheets disagree about them. */
function dateCell(letter: string, row: number, { date, texts }: DateText): string {
  const days = Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569;
  if (Number.isInteger(days) && days > 60) return `<c r="${letter}${row}" s="${DATE}"><v>${days}</v></c>`;
  return textCell(letter, row, { text: texts.number(date) });
}

function* aboutSheet(document: ExportDocument, texts: SharedTexts): Generator<string> {
  let number = 0;
  for (const [name, value] of aboutRows(document)) {
    number += 1;
    const title = textCell("A", number, { text: texts.number(name), style: HEADER });
    yield rowXml(number, title + textCell("B", number, { text: texts.number(value) }));
  }
}

function rowXml(number: number, cells: string): string {
  return `<row r="${number}">${cells}</row>`;
}

function column(index: number): string {
  return String.fromCharCode(65 + index);
}

function* worksheet(rows: Iterable<string>): Generator<string> {
  yield `${PROLOGUE}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="2" width="34" customWidth="1"/><col min="3" max="5" width="14" customWidth="1"/></cols><sheetData>`;
  yield* rows;
  yield "</sheetData></worksheet>";
}

/** Sheet names: at most 31 characters, none of \ / ? * [ ] :, not empty, unique without regard to case, not "History". */
export class SheetNames {
  readonly #taken = new Set(["history"]);

  take(wanted: string): string {
    const plain =
      wanted
        .replaceAll(/[\\/?*[\]:]/g, "_")
        .replaceAll(/^'+|'+$/g, "")
        .trim() || "Sheet";
    for (let copy = 1; ; copy++) {
      const suffix = copy === 1 ? "" : ` (${copy})`;
      const name = `${[...plain]
        .slice(0, 31 - suffix.length)
        .join("")
        .slice(0, 31 - suffix.length)}${suffix}`;
      if (this.#taken.has(name.toLowerCase())) continue;
      this.#taken.add(name.toLowerCase());
      return name;
    }
  }
}

async function addParts(zip: ZipWriter, sheets: readonly string[]): Promise<void> {
  const numbers = sheets.map((_, index) => index + 1);
  const overrides = numbers.map(
    (number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${WORKBOOK_TYPE}.worksheet+xml"/>`,
  );
  await zip.add("[Content_Types].xml", [
    `${PROLOGUE}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${WORKBOOK_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${WORKBOOK_TYPE}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${WORKBOOK_TYPE}.sharedStrings+xml"/>${overrides.join("")}</Types>`,
  ]);
  await zip.add("_rels/.rels", [
    `${PROLOGUE}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ]);
  await zip.add("xl/workbook.xml", [
    `${PROLOGUE}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.map((name, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
  ]);
  const styles = `<Relationship Id="rIdStyles" Type="${RELATIONS}/styles" Target="styles.xml"/><Relationship Id="rIdTexts" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>`;
  await zip.add("xl/_rels/workbook.xml.rels", [
    `${PROLOGUE}<Relationships xmlns="${PACKAGE}/relationships">${numbers.map((number) => `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`).join("")}${styles}</Relationships>`,
  ]);
  await zip.add("xl/styles.xml", [STYLES]);
}

const STYLES = `${PROLOGUE}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="3" applyNumberFormat="1"/></cellXfs></styleSheet>`;
