import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { gunzipSync } from "node:zlib";
import ExcelJS from "exceljs";
import { XMLParser } from "fast-xml-parser";
import { extract } from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { csvOf, writeCsvArchive } from "./csv.ts";
import { type ExportDocument, type ExportPoint, safeName, tablesOf } from "./model.ts";
import { SHEET_ROWS, SheetNames, writeXlsx } from "./xlsx.ts";
import { xmlOf } from "./xml.ts";

const folder = mkdtempSync(join(tmpdir(), "export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const points: readonly ExportPoint[] = [
  ["2025-12-31", 3],
  ["2026-01-01", null],
  ["2026-01-02", 9_007_199_254_740_991],
];
const hostile = '=HYPERLINK("http://x","<&\'>\u0000")';
const document: ExportDocument = {
  about: {
    repository: "Repo & Co",
    language: "en",
    scopes: [
      { id: "global", slug: null, title: "Repo <all>", description: "", url: "https://example.org/stats?a=1&b=2" },
    ],
    from: "2025-12-31",
    to: "2026-01-02",
    asOf: "2026-01-02",
    ruleVersion: "abc",
    missingDays: ["2026-01-01"],
    incompleteDays: [],
    countedAt: "2026-01-03T10:00:00Z",
    generatedUse: true,
  },
  queries: [
    {
      label: "usage-delta-category",
      query: "usage-delta-category",
      scope: "global",
      granularity: "day",
      groups: [
        {
          name: "global",
          metrics: [
            { name: "views", unit: "events", series: [{ kind: "value", id: "global", label: "Global", points }] },
          ],
        },
        {
          name: "languages",
          metrics: [
            { name: "views", unit: "events", series: [{ kind: "value", id: "eng", label: hostile, points }] },
            { name: "downloads", unit: "events", series: [] },
          ],
        },
      ],
    },
  ],
  failures: [{ label: "other", code: "UNKNOWN_QUERY", detail: 'There is no query "<x>".' }],
};

describe("writeXlsx", () => {
  it("is read back with dates, numbers and harmless text", async () => {
    const path = join(folder, "a.xlsx");
    const out = createWriteStream(path);
    await writeXlsx(document, out);
    await finished(out);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual(["About", "global views", "languages views"]);
    const about = book.getWorksheet("About");
    const contents = about
      ?.getRows(about.rowCount - 2, 3)
      ?.map((row) => [1, 2, 3, 4].map((at) => row.getCell(at).text));
    expect(contents).toEqual([
      ["sheet", "query", "breakdown", "metric"],
      ["global views", "usage-delta-category", "global", "views"],
      ["languages views", "usage-delta-category", "languages", "views"],
    ]);
    const sheet = book.getWorksheet("languages views");
    expect(sheet?.getRow(1).values).toEqual([undefined, "id", "label", "date", "value", "units"]);
    expect(sheet?.getCell("B2").value).toBe(hostile.replace("\u0000", "\uFFFD"));
    expect(sheet?.getCell("B2").formula).toBeUndefined();
    expect(sheet?.getCell("C2").value).toEqual(new Date("2025-12-31T00:00:00Z"));
    expect(sheet?.getCell("D3").value).toBeNull();
    expect(sheet?.getCell("D4").value).toBe(9_007_199_254_740_991);
    expect(sheet?.views[0]).toMatchObject({ state: "frozen", ySplit: 1 });
  });
});

describe("a sheet that is longer than a block of memory", () => {
  const NUMBERS = [0, 7, -12, 1_234_567_890, 9_007_199_254_740_991, -1, 0.5, 1e21];
  const long = Array.from({ length: 1000 }, (_, index): ExportPoint => [
    index % 7 === 0 ? "1899-01-01" : "2026-01-02",
    NUMBERS[index % NUMBERS.length] ?? null,
  ]);
  const labels = ["first", "ä".repeat(30_000)];

  it("holds every row once, in order, with every number as it was", async () => {
    const path = join(folder, "blocks.xlsx");
    const series = labels.map((label) => ({ kind: "value" as const, id: "id", label, points: long }));
    const groups = [{ name: "global", metrics: [{ name: "views", unit: "events", series }] }];
    const [query] = document.queries;
    const out = createWriteStream(path);
    await writeXlsx({ ...document, queries: query === undefined ? [] : [{ ...query, groups }] }, out);
    await finished(out);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    const sheet = book.getWorksheet("global views");
    const expected = labels.flatMap((label) => long.map(([date, value]) => ["id", label, date, value, "events"]));
    const read = sheet?.getRows(2, (sheet.rowCount ?? 1) - 1)?.map(({ values }) => {
      const [, id, label, date, value, unit] = Array.isArray(values) ? values : [];
      return [id, label, date instanceof Date ? date.toISOString().slice(0, 10) : date, value, unit];
    });
    expect(read).toEqual(expected);
  });
});

describe("a table that is longer than a sheet", () => {
  it("goes on in the next one, each with its header, without losing or repeating a row", async () => {
    const path = join(folder, "long.xlsx");
    const out = createWriteStream(path);
    await writeXlsx(document, out, 3);
    await finished(out);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual([
      "About",
      "global views",
      "global views (2)",
      "languages views",
      "languages views (2)",
    ]);
    const columnOf = (name: string) => book.getWorksheet(name)?.getColumn(3).values.slice(1) ?? [];
    expect([...columnOf("global views"), ...columnOf("global views (2)")]).toEqual([
      "date",
      new Date("2025-12-31T00:00:00Z"),
      new Date("2026-01-01T00:00:00Z"),
      "date",
      new Date("2026-01-02T00:00:00Z"),
    ]);
  });

  it("is as long as Excel allows by default", () => {
    expect(SHEET_ROWS).toBe(1_048_576);
  });
});

describe("facts about what a series stands for", () => {
  const group = {
    name: "records",
    facts: ["doi", "page"],
    metrics: [
      {
        name: "views",
        unit: "events",
        series: [
          { kind: "value" as const, id: "r1", label: "A & B", facts: ["10.1/x", "=1+1"], points },
          { kind: "other" as const, id: "", label: "Other values (2)", facts: ["", ""], points },
        ],
      },
    ],
  };
  const [query] = document.queries;
  const told = { ...document, queries: query === undefined ? [] : [{ ...query, groups: [group] }] };

  it("are further columns of a table, and of a sheet", async () => {
    const [table] = tablesOf(told);
    const text = table === undefined ? "" : [...csvOf(table)].join("");
    expect(text.split("\r\n").slice(0, 2)).toEqual([
      "id,label,date,value,units,doi,page",
      "r1,A & B,2025-12-31,3,events,10.1/x,'=1+1",
    ]);
    const path = join(folder, "facts.xlsx");
    const out = createWriteStream(path);
    await writeXlsx(told, out);
    await finished(out);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    const sheet = book.getWorksheet("records views");
    expect(["F1", "G1", "F2", "G2", "F5"].map((cell) => sheet?.getCell(cell).text)).toEqual([
      "doi",
      "page",
      "10.1/x",
      "=1+1",
      "",
    ]);
  });

  it("stand before the points in XML, which is valid", () => {
    const path = join(folder, "facts.xml");
    writeFileSync(path, [...xmlOf(told)].join(""));
    expect(readFileSync(path, "utf8")).toContain('name="A &amp; B"><fact name="doi">10.1/x</fact>');
    const schema = new URL("data-series.xsd", import.meta.url).pathname;
    expect(() => execFileSync("xmllint", ["--noout", "--schema", schema, path], { stdio: "pipe" })).not.toThrow();
  });
});

describe("SheetNames", () => {
  it("are legal, at most 31 characters and unique without regard to case", () => {
    const names = new SheetNames();
    expect(names.take("name/with\\invalid?chars*[brackets]")).toBe("name_with_invalid_chars__bracke");
    expect(names.take("")).toBe("Sheet");
    expect(names.take("sheet")).toBe("sheet (2)");
    expect(names.take("x".repeat(40))).toHaveLength(31);
    expect(names.take("X".repeat(40))).toMatch(/^X{27} \(2\)$/);
    expect(names.take("History")).toBe("History (2)");
    expect(names.take("' both ends '")).toBe("both ends");
    expect(names.take(`${"y".repeat(30)}'s`)).toBe("y".repeat(30));
    expect(names.take(`${"z".repeat(30)}\u{1F4C8}`)).toBe("z".repeat(30));
  });
});

describe("csv", () => {
  it("has full dates, one unit and no formula", () => {
    const [, table] = tablesOf(document);
    const text = table === undefined ? "" : [...csvOf(table)].join("");
    const [header, first] = text.split("\r\n");
    expect(header).toBe("id,label,date,value,units");
    expect(first).toContain("\"'=HYPERLINK");
    expect(first).toContain(",2025-12-31,3,events");
  });

  it("is an archive that tar reads, about.csv first", async () => {
    const path = join(folder, "a.tar.gz");
    await writeCsvArchive(document, createWriteStream(path));
    const names: string[] = [];
    const reader = extract();
    reader.on("entry", (header, stream, next) => {
      names.push(header.name);
      stream.on("end", next).resume();
    });
    reader.end(gunzipSync(readFileSync(path)));
    await finished(reader);
    expect(names).toEqual([
      "about.csv",
      "usage-delta-category/global/views.csv",
      "usage-delta-category/languages/views.csv",
    ]);
  });
});

describe("xml", () => {
  const text = [...xmlOf(document)].join("");

  it("is read back with its points", () => {
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(text) as {
      dataSeriesCollection: { category: { "@_metricsCount": string } };
    };
    expect(parsed.dataSeriesCollection.category["@_metricsCount"]).toBe("2");
    expect(text).toContain('<point date="2026-01-01"/>');
    expect(text).toContain("<totalDataPoints>6</totalDataPoints>");
    expect(text).toContain('<metric name="views" unit="events" dataPointsCount="3">');
  });

  it("is valid against the published schema", () => {
    const path = join(folder, "a.xml");
    writeFileSync(path, text);
    const schema = new URL("data-series.xsd", import.meta.url).pathname;
    expect(() => execFileSync("xmllint", ["--noout", "--schema", schema, path], { stdio: "pipe" })).not.toThrow();
  });
});

describe("safeName", () => {
  it.each([
    ["usage-delta-category", "usage-delta-category"],
    ["../../etc/passwd", "etc_passwd"],
    ["Ä b", "A_b"],
    ["", "_"],
  ])("%j becomes %j", (text, expected) => {
    expect(safeName(text)).toBe(expected);
  });
});
