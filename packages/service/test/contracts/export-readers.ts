import { gunzipSync } from "node:zlib";
import { finished } from "node:stream/promises";
import { parse } from "csv-parse/sync";
import ExcelJS from "exceljs";
import { XMLParser } from "fast-xml-parser";
import { extract } from "tar-stream";

/** One line of an exported table. */
export interface ReadRow {
  readonly id: string;
  readonly label: string;
  readonly date: string;
  readonly value: number | null;
  readonly unit: string;
}
/** A table with its place in the file, where the format has room for it. */
export interface ReadTable {
  readonly place: string;
  readonly rows: readonly ReadRow[];
}

const HEADER = ["id", "label", "date", "value", "units"];
/** Tables of records have these columns as well. */
const HEADERS = [HEADER, [...HEADER, "resource type", "published", "doi", "page"]].map((names) =>
  JSON.stringify(names),
);

/** Texts that a spreadsheet would take for formulas come back as they were. */
export function readCsv(text: string): readonly ReadRow[] {
  const [header, ...lines] = parse(text, { record_delimiter: "\r\n" }) as string[][];
  if (!HEADERS.includes(JSON.stringify(header))) throw new Error(`the header is ${JSON.stringify(header)}`);
  return lines.map(([id = "", label = "", date = "", value = "", unit = ""]) => ({
    id: plain(id),
    label: plain(label),
    date,
    value: value === "" ? null : Number(value),
    unit,
  }));
}

function plain(text: string): string {
  return text.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, "");
}

/** The files of an archive by name. */
export async function untar(bytes: Buffer): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk) => chunks.push(Buffer.from(chunk as Uint8Array)));
    stream.on("end", () => {
      files.set(header.name, Buffer.concat(chunks).toString());
      next();
    });
  });
  reader.end(gunzipSync(bytes));
  await finished(reader);
  return files;
}

export async function readArchive(bytes: Buffer): Promise<readonly ReadTable[]> {
  const tables = [];
  for (const [name, text] of await untar(bytes)) {
    if (name !== "about.csv") tables.push({ place: name.replace(/\.csv$/, ""), rows: readCsv(text) });
  }
  return tables;
}

/** Places are sheet names, which are cut. */
export async function readXlsx(bytes: Buffer): Promise<readonly ReadTable[]> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(bytes).buffer);
  return book.worksheets.slice(1).map((sheet) => {
    const rows: ReadRow[] = [];
    sheet.eachRow((row, number) => {
      const [id, label, date, value, unit] = [1, 2, 3, 4, 5].map((column) => row.getCell(column).value);
      if (number > 1) {
        rows.push({
          id: String(id ?? ""),
          label: String(label ?? ""),
          date: date instanceof Date ? date.toISOString().slice(0, 10) : String(date),
          value: typeof value === "number" ? value : null,
          unit: String(unit ?? ""),
        });
      }
    });
    return { place: sheet.name, rows };
  });
}

interface XmlSeries {
  readonly "@id": string;
  readonly "@name": string;
  readonly point?: readonly { readonly "@date": string; readonly "@value"?: string }[];
}
interface XmlDocument {
  readonly dataSeriesCollection: {
    readonly category?: readonly {
      readonly "@name": string;
      readonly seriesSet?: readonly {
        readonly "@name": string;
        readonly metric?: readonly {
          readonly "@name": string;
          readonly "@unit": string;
          readonly series: readonly XmlSeries[];
        }[];
      }[];
    }[];
  };
}

export function readXml(text: string): readonly ReadTable[] {
  const lists = new Set(["category", "seriesSet", "metric", "series", "point"]);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    isArray: (name) => lists.has(name),
    parseAttributeValue: false,
    trimValues: false,
  });
  const { dataSeriesCollection } = parser.parse(text) as XmlDocument;
  return (dataSeriesCollection.category ?? []).flatMap((category) =>
    (category.seriesSet ?? []).flatMap((set) =>
      (set.metric ?? []).map((metric) => ({
        place: [category["@name"], set["@name"], metric["@name"]].join("/"),
        rows: metric.series.flatMap((series) =>
          (series.point ?? []).map((point) => ({
            id: series["@id"],
            label: series["@name"],
            date: point["@date"],
            value: point["@value"] === undefined ? null : Number(point["@value"]),
            unit: metric["@unit"],
          })),
        ),
      })),
    ),
  );
}
