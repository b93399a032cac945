import { DEFAULT_BREAKDOWNS, type ValueSource } from "@community-stats/contract/breakdowns.ts";
import { describe, expect, it } from "vitest";
import { ValueReader } from "./values.ts";

function valuesOf(name: string, metadata: unknown) {
  const breakdown = DEFAULT_BREAKDOWNS.find((row) => row.name === name);
  if (breakdown?.records === null || breakdown === undefined) throw new Error(`${name} has no record side`);
  return new ValueReader(breakdown.records.sources, breakdown.label).read(metadata).map(({ id, label }) => [id, label]);
}

const RECORD = {
  access: { record: "public", files: "public", status: "open" },
  custom_fields: { "journal:journal": { title: "Science as Culture", issn: "0950-5431" } },
  files: {
    enabled: true,
    entries: { "a.pdf": { key: "a.pdf", ext: "pdf" }, "b.pdf": { key: "b.pdf", ext: "pdf" }, c: { key: "c" } },
  },
  metadata: {
    resource_type: { id: "publication-article", title: { en: "Journal article" } },
    publisher: "Zenodo",
    languages: [{ id: "eng", title: { en: "English" } }, { id: "deu" }, { id: null }],
    subjects: [{ subject: "Cyber crime" }, { id: "euroscivoc:1", subject: "law", scheme: "EuroSciVoc" }],
    rights: [{ id: "cc-by-4.0", title: { en: "CC BY" } }, { title: { en: "Own licence" } }],
    funding: [
      { funder: { id: "00k4n6c32", name: "European Commission" }, award: { id: "x" } },
      { funder: { name: "A friend" } },
      { award: { id: "y" } },
    ],
    creators: [
      { person_or_org: { name: "A" }, affiliations: [{ id: "uni1", name: "" }, { name: "Nameless" }] },
      { person_or_org: { name: "B" }, affiliations: [{ id: "uni1", name: "Uni One" }] },
      { person_or_org: { name: "C" } },
    ],
    contributors: [
      {
        affiliations: [
          { id: "uni1", name: "Uni 1" },
          { id: "uni2", name: "Uni Two" },
        ],
      },
    ],
  },
};

describe("values of a record", () => {
  it.each([
    ["resource_types", [["publication-article", '{"en":"Journal article"}']]],
    ["access_statuses", [["open", null]]],
    [
      "languages",
      [
        ["eng", '{"en":"English"}'],
        ["deu", null],
      ],
    ],
    ["subjects", [["euroscivoc:1", '"law"']]],
    ["rights", [["cc-by-4.0", '{"en":"CC BY"}']]],
    [
      "funders",
      [
        ["00k4n6c32", '"European Commission"'],
        ["A friend", '"A friend"'],
      ],
    ],
    ["periodicals", [["Science as Culture", null]]],
    ["publishers", [["Zenodo", null]]],
    [
      "affiliations",
      [
        ["uni1", '"Uni One"'],
        ["uni2", '"Uni Two"'],
      ],
    ],
    ["file_types", [["pdf", null]]],
  ])("%s", (name, expected) => {
    expect(valuesOf(name, RECORD)).toEqual(expected);
  });

  it.each([
    ["nothing at all", "publishers", {}, []],
    ["null", "publishers", { metadata: { publisher: null } }, []],
    ["empty text", "publishers", { metadata: { publisher: "" } }, []],
    ["a number", "publishers", { metadata: { publisher: 7 } }, []],
    ["a blank is a text", "publishers", { metadata: { publisher: " " } }, [[" ", null]]],
    [
      "a list of texts",
      "publishers",
      { metadata: { publisher: ["A", "B", "A", null] } },
      [
        ["A", null],
        ["B", null],
      ],
    ],
    ["the text null", "publishers", { metadata: { publisher: "null" } }, [["null", null]]],
    ["leading zeros", "publishers", { metadata: { publisher: "007" } }, [["007", null]]],
    ["a name that objects inherit", "publishers", { metadata: { publisher: "__proto__" } }, [["__proto__", null]]],
    ["an inherited field", "publishers", { metadata: Object.create({ publisher: "A" }) }, []],
    [
      "case and blanks stay",
      "publishers",
      { metadata: { publisher: [" A", "a", "A"] } },
      [
        [" A", null],
        ["a", null],
        ["A", null],
      ],
    ],
    [
      "a list where an object is usual",
      "resource_types",
      { metadata: { resource_type: [{ id: "a" }, { id: "b" }] } },
      [
        ["a", null],
        ["b", null],
      ],
    ],
    ["a language called id", "resource_types", { metadata: { resource_type: { title: { id: "Kumpulan data" } } } }, []],
    [
      "a text label where an object is expected",
      "languages",
      { metadata: { languages: [{ id: "eng", title: "English" }] } },
      [["eng", null]],
    ],
    ["an empty label", "languages", { metadata: { languages: [{ id: "eng", title: {} }] } }, [["eng", null]]],
    [
      "files as a list",
      "file_types",
      {
        files: {
          entries: [
            { key: "a", ext: "pdf" },
            { key: "b", ext: "" },
          ],
        },
      },
      [["pdf", null]],
    ],
    [
      "a funder with an empty id",
      "funders",
      { metadata: { funding: [{ funder: { id: "", name: "F" } }] } },
      [["F", '"F"']],
    ],
    ["a text where an object is expected", "funders", { metadata: { funding: "F" } }, []],
  ])("%s", (...[, name, metadata, expected]) => {
    expect(valuesOf(name, metadata)).toEqual(expected);
  });

  it("reads the entries of files by any field", () => {
    const source: ValueSource = { entries: "files.entries", id: "mimetype", label: null };
    const files = { entries: { "x.pdf": { key: "x.pdf", mimetype: "application/pdf" } } };
    expect(new ValueReader([source], "none").read({ files })).toEqual([{ id: "application/pdf", label: null }]);
  });
});

it.each([
  ["languages", ['{"en":"A"}', null, null]],
  ["text", [null, '"B"', null]],
  ["either", ['{"en":"A"}', '"B"', null]],
  ["none", [null, null, null]],
] as const)("labels of the shape %s", (shape, labels) => {
  const roles = [
    { id: "a", title: { en: "A" } },
    { id: "b", title: "B" },
    { id: "c", title: {} },
  ].map((role) => ({ role }));
  const reader = new ValueReader([{ entries: "metadata.creators.role", id: "id", label: "title" }], shape);
  expect(reader.read({ metadata: { creators: roles } }).map(({ label }) => label)).toEqual(labels);
});
