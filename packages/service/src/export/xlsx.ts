import type { Writable } from "node:stream";
import { ByteBlock, type ByteBlocks } from "./byte-block.ts";
import { aboutRows, type ExportDocument, type ExportTable, tablesOf } from "./model.ts";
import { TextBlocks } from "./writing.ts";
import { HEADER, ROW_BYTES, TableRows } from "./xlsx-rows.ts";
import { SharedTexts } from "./xlsx-texts.ts";
import { xmlText } from "./xml-text.ts";
import { ZipWriter } from "./zip.ts";

/** Rows of a worksheet, its header included. */
export const SHEET_ROWS = 1_048_576;
const PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

interface Sheet {
  readonly name: string;
  readonly table: ExportTable;
}

/**
 * One workbook: a sheet "About", which also says what is on each other sheet, since their names are short; then one sheet per breakdown and
 * metric with real dates and numbers, a frozen bold header and text that is never a formula. A table that is longer than a sheet goes on in the next one. Written in constant memory.
 * @param sheetRows rows of a sheet, its header included.
 */
export async function writeXlsx(document: ExportDocument, out: Writable, sheetRows = SHEET_ROWS): Promise<void> {
  const zip = new ZipWriter(out);
  const names = new SheetNames();
  const texts = new SharedTexts();
  const about = names.take("About");
  const sheets: Sheet[] = [];
  const several = document.queries.length > 1;
  for (const table of tablesOf(document)) {
    const rows = new TableRows(table.metric, texts);
    const titles = ["id", "label", "date", "value", "units", ...(table.group.facts ?? [])].map((title) =>
      texts.number(title),
    );
    const name = `${several ? `${table.query.label} ` : ""}${table.group.name} ${table.metric.name}`;
    for (let more = true; more;) {
      const part = new SheetPart({ rows, titles, most: sheetRows });
      sheets.push({ name: names.take(name), table });
      await zip.add(`xl/worksheets/sheet${sheets.length + 1}.xml`, part);
      more = part.more;
    }
  }
  await addText(zip, "xl/worksheets/sheet1.xml", [SHEET_BEGIN, ...aboutSheet(document, { sheets, texts }), SHEET_END]);
  await addText(zip, "xl/sharedStrings.xml", [`${PROLOGUE}<sst xmlns="${MAIN}">`, ...texts.xml(), "</sst>"]);
  await addParts(zip, [about, ...sheets.map(({ name }) => name)]);
  await zip.end();
}

async function addText(zip: ZipWriter, name: string, texts: Iterable<string>): Promise<void> {
  await zip.add(name, new TextBlocks(texts));
}

interface SheetOptions {
  readonly rows: TableRows;
  readonly titles: readonly number[];
  /** Rows of a sheet, its header included. */
  readonly most: number;
}

/** Takes rows of a table until the sheet is full; `more` says whether there may be rows left. */
class SheetPart implements ByteBlocks {
  readonly #options: SheetOptions;
  readonly #blocks = [new ByteBlock(), new ByteBlock()] as const;
  #turn: 0 | 1 = 0;
  #row = 0;
  #ended = false;
  more = false;

  constructor(options: SheetOptions) {
    this.#options = options;
  }

  next(): Buffer | null {
    if (this.#ended) return null;
    const block = this.#blocks[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    block.clear();
    if (this.#row === 0) this.#begin(block);
    const { rows, most } = this.#options;
    while (block.room >= ROW_BYTES && !this.#ended) {
      this.more = this.#row === most;
      if (!this.more && rows.write(block, this.#row + 1)) this.#row++;
      else this.#end(block);
    }
    return block.bytes;
  }

  #begin(block: ByteBlock): void {
    const cells = this.#options.titles.map((text, index) => textCell(column(index), 1, { text, style: HEADER }));
    block.text(SHEET_BEGIN + rowXml(1, cells.join("")));
    this.#row = 1;
  }

  #end(block: ByteBlock): void {
    block.text(SHEET_END);
    this.#ended = true;
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

/** What is to be known of the file, a free row, and where each table is. Written last: a long table takes several sheets. */
function* aboutSheet(
  document: ExportDocument,
  { sheets, texts }: { readonly sheets: readonly Sheet[]; readonly texts: SharedTexts },
): Generator<string> {
  let number = 0;
  const row = (values: readonly string[], titles: number) => {
    number += 1;
    const cells = values.map((value, index) => {
      const text = { text: texts.number(value) };
      return textCell(column(index), number, index < titles ? { ...text, style: HEADER } : text);
    });
    return rowXml(number, cells.join(""));
  };
  for (const about of aboutRows(document)) yield row(about, 1);
  number += 1;
  yield row(["sheet", "query", "breakdown", "metric"], 4);
  for (const { name, table } of sheets) {
    yield row([name, table.query.label, table.group.name, table.metric.name], 0);
  }
}

function rowXml(number: number, cells: string): string {
  return `<row r="${number}">${cells}</row>`;
}

function column(index: number): string {
  return String.fromCharCode(65 + index);
}

const SHEET_BEGIN = `${PROLOGUE}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="2" width="34" customWidth="1"/><col min="3" max="5" width="14" customWidth="1"/></cols><sheetData>`;
const SHEET_END = "</sheetData></worksheet>";

const SHEET_NAME = 31;

/**
 * Sheet names: at most 31 UTF-16 units, none of \ / ? * [ ] :, no apostrophe at either end, not empty, unique without regard to case, not
 * "History".
 */
export class SheetNames {
  readonly #taken = new Set(["history"]);

  take(wanted: string): string {
    const legal = wanted.replaceAll(/[\\/?*[\]:]/g, "_").replace(/^[\s']+/, "");
    for (let copy = 1; ; copy++) {
      const suffix = copy === 1 ? "" : ` (${copy})`;
      const name = (sheetNameBegin(legal, SHEET_NAME - suffix.length) || "Sheet") + suffix;
      if (this.#taken.has(name.toLowerCase())) continue;
      this.#taken.add(name.toLowerCase());
      return name;
    }
  }
}

/** Without half a character, a blank or an apostrophe at its end. */
function sheetNameBegin(text: string, most: number): string {
  return text
    .slice(0, most)
    .replace(/[\uD800-\uDBFF]$/, "")
    .replace(/[\s']+$/, "");
}

async function addParts(zip: ZipWriter, sheets: readonly string[]): Promise<void> {
  const numbers = sheets.map((_, index) => index + 1);
  const overrides = numbers.map(
    (number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${WORKBOOK_TYPE}.worksheet+xml"/>`,
  );
  await addText(zip, "[Content_Types].xml", [
    `${PROLOGUE}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${WORKBOOK_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${WORKBOOK_TYPE}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${WORKBOOK_TYPE}.sharedStrings+xml"/>${overrides.join("")}</Types>`,
  ]);
  await addText(zip, "_rels/.rels", [
    `${PROLOGUE}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ]);
  await addText(zip, "xl/workbook.xml", [
    `${PROLOGUE}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.map((name, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
  ]);
  const styles = `<Relationship Id="rIdStyles" Type="${RELATIONS}/styles" Target="styles.xml"/><Relationship Id="rIdTexts" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>`;
  await addText(zip, "xl/_rels/workbook.xml.rels", [
    `${PROLOGUE}<Relationships xmlns="${PACKAGE}/relationships">${numbers.map((number) => `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`).join("")}${styles}</Relationships>`,
  ]);
  await addText(zip, "xl/styles.xml", [STYLES]);
}

const STYLES = `${PROLOGUE}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="3" applyNumberFormat="1"/></cellXfs></styleSheet>`;
